import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { identityOf, type StoredSession, storeKey } from "@sessgen/runtime";
import { describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { eventually } from "../../../../services/machine.js";
import { notesKey } from "../../../src/live/backfill-notes.js";
import { application, config, runIn } from "../../support/project.js";
import { ada, file, idOf, type Kind, redis, type Stored, sqlite, stored } from "../../support/stored.js";

const redisUrl = await serviceUrl("redis");
const { tag } = identityOf({ application });
const [old, next] = ["old", "new"].map((name) => name.padEnd(40, "*")) as [string, string];

/** What is not a session of this application's, and must stay as it is. */
const others = [
  `${tag}.quarantine-${"q".repeat(43)}`,
  `${tag}.lock-${"l".repeat(43)}`,
  `another1.${"a".repeat(43)}`,
];

const secretsOf = (secrets: string, payload: boolean) =>
  `, encryption: { secrets: [${secrets}], payload: ${payload} }`;

async function deploy(user: Stored, kind: Kind, schema: string, rest: string): Promise<void> {
  user.write({ "session.config.ts": config(schema, `backend: ${kind.code}${rest}`) });
  const { code, err } = await user.sessgen("generate");
  expect([code, err]).toEqual([0, ""]);
}

const indexed = ', fields: { "user.id": { index: true } }';
const schema = "user: z.object({ id: z.int(), name: z.string() }).optional(), visits: z.int().default(0)";
const values = '{ user: { id: 42, name: "Ada" }, visits: 3 }';

async function json(user: Stored, ...argv: string[]): Promise<Record<string, unknown>> {
  const { out, err } = await user.sessgen(...argv, "--json");
  expect(err).toBe("");
  return JSON.parse(out) as Record<string, unknown>;
}

const keyOf = (cookie: string): string => storeKey(idOf(cookie), { application });

/** What is stored, as far as nobody may change it. */
async function read(user: Stored, keys: readonly string[]): Promise<(StoredSession | undefined)[]> {
  const store = user.open();
  const found = await Promise.all(keys.map((key) => store.read(key)));
  await store.close();
  return found;
}

const kinds: [string, () => Kind, string][] = [
  ["sqlite", () => sqlite, "here"],
  ["redis", () => redis(redisUrl), redisUrl],
];

describe.each(kinds)("sessgen backfill on %s", (_name, kindOf, url) => {
  it.skipIf(url === "")("writes sessions anew, says beforehand what, and touches nothing else", async () => {
    const kind = kindOf();
    const user = await stored(kind, { schema, fields: '{ "user.id": { index: true } }' });
    const [cookie = "", ...rest] = user.beginAll(Array.from({ length: 5 }, () => values));
    const store = user.open();
    const payload = Buffer.from("not a session");
    const expiresAt = Date.now() + 600_000;
    for (const key of others) await store.write(key, payload, { expect: "any", expiresAt });
    await store.close();
    const [destroyed = ""] = rest;
    user.app(`const s = await sessions.open("${destroyed}"); await s.$destroy(); await s.$commit();`);
    await deploy(user, kind, schema, `${indexed}, serializer: "json"`);
    const inspected = (): Promise<Record<string, unknown>> => json(user, "inspect", "--by", "user.id=42");
    const before = (await inspected())["sessions"] as {
      expiresAt: string;
      format: string;
      version: string;
    }[];
    const untouched = [...others, `${tag}.epoch`, keyOf(destroyed)];
    const kept = await read(user, untouched);
    expect(kept.every((record) => record !== undefined)).toBe(true);

    const dry = await json(user, "backfill", "--dry-run");
    expect(dry).toMatchObject({ rewritten: 4, seen: 4, changes: { format: 4 }, left: {}, dryRun: true });
    expect((await inspected())["sessions"]).toEqual(before);

    expect(await user.sessgen("backfill")).toMatchObject({
      code: 0,
      out: "4 of 4 sessions rewritten\n  4 written in another format\n",
    });
    const after = (await inspected())["sessions"] as typeof before;
    const sorted = (all: typeof before) => all.map((one) => one.expiresAt).sort();
    expect(sorted(after)).toEqual(sorted(before));
    expect(after.map(({ format }) => format)).toEqual(["json", "json", "json", "json"]);
    // A trace is gone after some seconds by itself.
    const still = await read(user, untouched);
    expect(still.slice(0, -1)).toEqual(kept.slice(0, -1));
    expect([undefined, kept.at(-1)?.version]).toContain(still.at(-1)?.version);
    expect(user.app(`result = (await sessions.open("${cookie}")).toJSON();`)).toEqual({
      user: { id: 42, name: "Ada" },
      visits: 3,
    });
    expect(await json(user, "backfill")).toMatchObject({ rewritten: 0, seen: 4 });
    expect(await read(user, [notesKey(tag)])).toEqual([undefined]);
  });
});

describe("sessgen backfill", () => {
  it("encrypts with the new secret, so that the old one can go", async () => {
    const kind = { ...sqlite, env: { OLD: old } };
    const begun = await stored(kind, { schema, fields: "{}", rest: secretsOf('env("OLD")', true) });
    const cookie = begun.begin(values);
    await deploy(begun, kind, schema, secretsOf('env("NEW"), env("OLD")', true));
    const both = { NEW: next, OLD: old };
    const missing = await runIn(begun.root, ["backfill"], { env: { NEW: next } });
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining("[backfill/no-secret]") });
    const done = await runIn(begun.root, ["backfill", "--json"], { env: both });
    expect(JSON.parse(done.out)).toMatchObject({ rewritten: 1, changes: { key: 1 } });
    const stats = await runIn(begun.root, ["stats", "--json"], { env: both });
    expect(JSON.parse(stats.out)).toMatchObject({ secrets: { NEW: 1 } });
    await deploy(begun, kind, schema, secretsOf('env("NEW")', true));
    const found = await runIn(begun.root, ["inspect", idOf(cookie)], { env: { NEW: next } });
    expect(found.out).toContain("Ada");
    // What a secret is missing for is left, and told.
    await deploy(begun, kind, schema, secretsOf('env("OLD")', true));
    const lost = await runIn(begun.root, ["backfill"], { env: { OLD: old } });
    expect(lost.out).toContain(
      "0 of 1 session rewritten\n  1 left as they are: they are encrypted with a secret",
    );
  });

  it("keeps the values of fields that are gone, unless it is told not to", async () => {
    const user = await stored(sqlite, { fields: "{}" });
    user.begin(ada);
    await deploy(user, sqlite, schema, "");
    expect(await json(user, "backfill", "--dry-run")).toMatchObject({ rewritten: 0 });
    expect(JSON.stringify(await json(user, "stats"))).toContain('"name":"slot 1, once token"');
    expect(await json(user, "backfill", "--drop-retired")).toMatchObject({ changes: { retired: 1 } });
    const stats = JSON.stringify(await json(user, "stats"));
    expect(stats).not.toContain("slot 1");
    expect(stats).toContain('"name":"user"');
  });

  it("goes on where Ctrl-C interrupted it", async () => {
    const user = await stored(sqlite, { schema, fields: "{}" });
    const id = idOf(user.begin(values));
    const { session } = await json(user, "inspect", id);
    const [copied] = await read(user, [(session as { key: string }).key]);
    if (copied === undefined) throw new Error("nothing is stored");
    const store = user.open();
    const { payload, expiresAt } = copied;
    for (let number = 0; number < 700; number += 1)
      await store.write(`${tag}.${String(number).padStart(43, "0")}`, payload, { expect: "any", expiresAt });
    await deploy(user, sqlite, schema, ', serializer: "json"');
    const bin = fileURLToPath(new URL("../../../src/bin.ts", import.meta.url));
    const args = ["--import", "tsx", bin, "backfill", "--pause", "600000"];
    const env = { PATH: process.env["PATH"] };
    const child = spawn(process.execPath, args, {
      cwd: user.root,
      stdio: ["ignore", "pipe", "inherit"],
      env,
    });
    let out = "";
    child.stdout.on("data", (data) => {
      out += String(data);
    });
    await eventually(async () => expect(await store.read(notesKey(tag))).toBeDefined());
    await store.close();
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
    expect(out).toContain("500 of 500 sessions rewritten");
    expect(out).toContain("Interrupted; run `npx sessgen backfill` again to go on here\n");
    const again = await user.sessgen("backfill");
    expect(again.out).toContain("Goes on behind 500 sessions\n701 of 701 sessions rewritten\n");
    expect(await json(user, "stats", "--sample", "800")).toMatchObject({ formats: { json: 701 }, live: 701 });
  });

  it.each<[string, Kind, string]>([
    ["of files, whose names are hashes", file, "backend/no-listing"],
    [
      "of memory",
      { code: '{ kind: "memory" }', env: {}, open: () => expect.unreachable() },
      "backend/elsewhere",
    ],
  ])("says why it cannot list the sessions %s", async (_, kind, code) => {
    const user = await stored(kind);
    for (const command of ["backfill", "stats"])
      expect(await user.sessgen(command)).toMatchObject({
        code: 3,
        err: expect.stringContaining(`[${code}]`),
      });
  });
});

describe("sessgen stats", () => {
  it("tells what sessions are like, and nothing that is in them", async () => {
    const user = await stored(sqlite);
    user.beginAll([ada, ada, "{ visits: 1 }"]);
    const all = await user.sessgen("stats", "--sample", "2");
    expect(all.out).toContain("about 5 live sessions; 2 looked at, 2 of them live\n");
    const { out } = await user.sessgen("stats");
    expect(out).toContain(
      "format packed: 3 (100 %)\ngeneration 1: 3 (100 %)\nage under an hour: 3 (100 %)\n",
    );
    expect(out).toMatch(/ {2}user: 2 \(67 %\), half of them up to \d+, 95 % up to \d+, the largest \d+\n/);
    const census = await json(user, "stats");
    expect(census).toMatchObject({ sessions: { count: 3, exact: true }, seen: 3, live: 3, permanent: 0 });
    for (const secret of ["Ada", "s3cret", "42"]) expect(out + JSON.stringify(census)).not.toContain(secret);
  });
});
