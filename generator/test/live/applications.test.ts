import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { SessionStore } from "@sessgen/runtime";
import { fileStore } from "@sessgen/runtime/stores/file";
import { lmdbStore } from "@sessgen/runtime/stores/lmdb";
import { memcachedStore } from "@sessgen/runtime/stores/memcached";
import { memoryStore } from "@sessgen/runtime/stores/memory";
import { describe, expect, it, onTestFinished } from "vitest";
import { serviceUrl } from "../../../services/client.js";
import { APPLICATIONS, enterApplication } from "../../src/live/applications.js";
import { newLock } from "../../src/lock/lock.js";
import { printLock } from "../../src/lock/text.js";
import { config, type Project, project, type Run, runIn } from "../support/project.js";
import { file, type Kind, redis, sqlite } from "../support/stored.js";

const DAY = 86_400_000;
const schema = "visits: z.int().default(0)";
const other = "other-application-id22";

/** A project of that package on a backend; `data` of the first is where the others' sessions are, too. */
function user(kind: string, name: string, id?: string, rest = "", root?: string): Project {
  return project(
    {
      "package.json": `{ "name": "${name}", "type": "module" }`,
      "session.config.ts": config(schema, `backend: ${kind}${rest}`),
      ...(id !== undefined && { "sessgen.lock.json": printLock(newLock(id)) }),
    },
    root,
  );
}

const redisUrl = await serviceUrl("redis");
const kinds: readonly [string, () => Kind][] = [
  ["sqlite", () => sqlite],
  ["file", () => file],
  ...(redisUrl === "" ? [] : [["redis", () => redis(redisUrl)] as [string, () => Kind]]),
];

/** The backend at the absolute place where the first project has it. */
const shared = (code: string, root: string): string =>
  code.replace(/"(data\/[^"]+)"/, (_all, path) => JSON.stringify(join(root, path)));

describe.each(kinds)("who shares a store, on %s", (_name, make) => {
  const run = async (of: Project, kind: Kind, ...argv: string[]): Promise<Run> =>
    runIn(of.root, argv, { env: kind.env });
  const prepared = async (of: Project, kind: Kind): Promise<Run> => {
    mkdirSync(join(of.root, "data/sessions"), { recursive: true });
    await run(of, kind, "generate");
    return run(of, kind, "migrate");
  };

  it("is told by migrate and verify, of another application as information", async () => {
    const kind = make();
    const shop = user(kind.code, "shop");
    expect(await prepared(shop, kind)).toMatchObject({ code: 0, err: "" });
    const forum = user(shared(kind.code, shop.root), "forum", other);
    const told = `Also in this store: shop (application test-application-id_22)\n`;
    expect(await prepared(forum, kind)).toMatchObject({
      code: 0,
      out: expect.stringContaining(told),
      err: "",
    });
    expect((await run(forum, kind, "verify")).out).toContain(told);
    const verified = await run(shop, kind, "verify", "--json");
    expect(JSON.parse(verified.out)).toMatchObject({
      ok: true,
      neighbours: [{ application: other, package: "forum" }],
    });
  });

  it("is warned of where a copy kept the lock, and of a realm it is not", async () => {
    const kind = make();
    const shop = user(kind.code, "shop");
    await prepared(shop, kind);
    const copy = user(shared(kind.code, shop.root), "shop-copy");
    const migrated = await prepared(copy, kind);
    expect(migrated).toMatchObject({ code: 0, err: expect.stringContaining("verify/same-application") });
    const verified = await run(shop, kind, "verify");
    expect([verified.code, verified.err]).toEqual([0, expect.stringContaining("The package shop-copy")]);
    expect(verified.err).toContain("--new-application");

    const staging = user(shared(kind.code, shop.root), "staging", undefined, ', realm: "staging"');
    const apart = await prepared(staging, kind);
    expect([apart.code, apart.err]).toEqual([0, ""]);
    expect((await run(shop, kind, "verify")).out).toContain(
      "staging (application test-application-id_22, realm staging)",
    );
  });

  it("is not told where something else stands in the list's place, which is left alone", async () => {
    const kind = make();
    const shop = user(kind.code, "shop");
    await prepared(shop, kind);
    const store = kind.open(shop.root);
    onTestFinished(() => store.close());
    const expiresAt = Date.now() + DAY;
    await store.write(APPLICATIONS, Buffer.from("{}"), { expect: "any", expiresAt });
    const verified = await run(shop, kind, "verify");
    expect([verified.code, verified.err]).toEqual([0, expect.stringContaining("verify/not-checked")]);
    expect(Buffer.from((await store.read(APPLICATIONS))?.payload ?? []).toString()).toBe("{}");
  });

  it("is looked for by nobody who only looks ahead", async () => {
    const kind = make();
    const shop = user(kind.code, "shop");
    mkdirSync(join(shop.root, "data/sessions"), { recursive: true });
    await run(shop, kind, "generate");
    for (const argv of [
      ["migrate", "--dry-run"],
      ["migrate", "--status"],
    ])
      await run(shop, kind, ...argv);
    await run(shop, kind, "migrate");
    const store = kind.open(shop.root);
    onTestFinished(() => store.close());
    await store.remove(APPLICATIONS);
    for (const argv of [
      ["migrate", "--dry-run"],
      ["migrate", "--status"],
    ])
      await run(shop, kind, ...argv);
    expect(await store.read(APPLICATIONS)).toBeUndefined();
    await run(shop, kind, "verify");
    expect(await store.read(APPLICATIONS)).toBeDefined();
  });
});

const memcached = await serviceUrl("memcached");
const stores: readonly [string, () => SessionStore][] = [
  ["memory", () => memoryStore()],
  ["file", () => fileStore({ directory: join(project().root, "sessions") })],
  ["lmdb", () => lmdbStore({ path: join(project().root, "sessions") })],
  ...(memcached === ""
    ? []
    : [
        ["memcached", () => memcachedStore({ servers: memcached, prefix: `${process.pid}:` })] as [
          string,
          () => SessionStore,
        ],
      ]),
];

describe.each(stores)("the list of applications on %s", (_name, open) => {
  const entry = (number: number) => ({
    application: `a${number}`,
    tag: `tag-${number}`,
    package: `p${number}`,
  });

  it("keeps all that enter at once, and renews and forgets", async () => {
    const store = open();
    onTestFinished(() => store.close());
    const now = Date.now();
    await Promise.all([1, 2, 3, 4].map((number) => enterApplication(store, entry(number), now)));
    expect(await enterApplication(store, entry(5), now)).toHaveLength(4);
    // Within a day there is nothing to write.
    const version = (await store.read(APPLICATIONS))?.version;
    await enterApplication(store, entry(5), now + DAY - 1);
    expect((await store.read(APPLICATIONS))?.version).toBe(version);
    await enterApplication(store, entry(5), now + DAY);
    const known = await enterApplication(store, entry(1), now + 90 * DAY);
    expect(known.map((one) => [one.package, one.since, one.seen])).toEqual([["p5", now, now + DAY]]);
  });
});
