import { createHash } from "node:crypto";
import { identityOf, storeKey } from "@sessgen/runtime";
import { redisStore } from "@sessgen/runtime/stores/redis";
import { foundKeys } from "@sessgen/runtime/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { redis as recipe } from "../../../../services/redis.js";
import { redisCluster, startCluster } from "../../../../services/redis-cluster.js";
import { startSentinel } from "../../../../services/redis-sentinel.js";
import type { Running } from "../../../../services/service.js";
import { canStart, startOwn } from "../../../../services/start.js";
import { application, config, project, type Run, runIn } from "../../support/project.js";
import { idOf, redis as onRedis, type Stored, stored } from "../../support/stored.js";

const schema =
  "user: z.object({ id: z.int(), name: z.string() }).optional(), token: z.string().optional(), visits: z.int().default(0)";
const index = '{ "user.id": { index: true } }';
const password = "p4ssw0rd";

/** Runs `sessgen` on a backend. */
async function sessgen(backend: string, argv: string[], env: Record<string, string> = {}): Promise<Run> {
  const user = project({ "session.config.ts": config(schema, `fields: ${index}, backend: ${backend}`) });
  return runIn(user.root, argv, { env });
}

/** The emitted rules of the user, for ACL SETUSER. */
async function emittedRules(backend: string): Promise<string[]> {
  const user = project({ "session.config.ts": config(schema, `fields: ${index}, backend: ${backend}`) });
  await user.run();
  const hash = createHash("sha256").update(password).digest("hex");
  const rule = user.read("session-infra/redis/users.acl").trimEnd().split(" ").slice(2);
  return rule.map((word) => word.replace("REPLACE_WITH_SHA256_OF_PASSWORD", hash));
}

describe.skipIf(!canStart(recipe))("verify, on Redis", () => {
  let server: Running;
  let admin: Redis;
  beforeAll(async () => {
    ({ running: server } = await startOwn(recipe));
    admin = new Redis(server.url);
  });
  beforeEach(async () => {
    await admin.replicaof("NO", "ONE");
    await admin.config("SET", "maxmemory", "100mb", "maxmemory-policy", "volatile-ttl");
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });
  const as = (name: string): string => server.url.replace("//", `//${name}:${password}@`);
  const verify = (url: string, driver = "ioredis"): Promise<Run> =>
    sessgen(`{ kind: "redis", url: env("REDIS_URL"), driver: "${driver}" }`, ["verify"], { REDIS_URL: url });

  it.each(["ioredis", "redis"])(
    "finds nothing where all is well, and changes nothing: %s",
    async (driver) => {
      await admin.set("session:a", "x");
      await admin.acl("SETUSER", "web", ...(await emittedRules('{ kind: "redis", url: env("U") }')));
      for (const url of [server.url, `${server.url}/3`, as("web")]) {
        expect(await verify(url, driver)).toEqual({
          code: 0,
          out: "The backend redis is as it should be\n",
          err: "",
        });
      }
      // Nothing but the list of who uses the store.
      expect((await admin.keys("*")).sort()).toEqual(["session:a", "session:sessgen.applications"]);
      expect(await admin.get("session:a")).toBe("x");
    },
  );

  it.each([
    ["100mb", "noeviction", "eviction-policy", "refuses to begin or change sessions when its memory is full"],
    ["0", "noeviction", "no-maxmemory", "grows until the system ends it"],
    ["100mb", "allkeys-lru", "eviction-policy", "throws any key away"],
    ["0", "allkeys-random", "eviction-policy", "throws any key away"],
    ["100mb", "volatile-lru", "eviction-policy", "would have lasted long"],
    ["100mb", "volatile-random", "eviction-policy", "would have lasted long"],
    ["0", "volatile-ttl", "no-maxmemory", "has no limit to its memory"],
  ])("warns of maxmemory %s with %s: %s", async (limit, policy, id, words) => {
    await admin.config("SET", "maxmemory", limit, "maxmemory-policy", policy);
    const { code, err } = await verify(server.url);
    expect(err).toContain(`[verify/${id}]`);
    expect(err).toContain(words);
    expect(code).toBe(0);
  });

  it.each(["ioredis", "redis"])("says which permission is missing: %s", async (driver) => {
    const rules = await emittedRules(`{ kind: "redis", url: env("U"), driver: "${driver}" }`);
    for (const rule of rules.filter((word) => word.startsWith("+") && word !== "+select")) {
      const name = rule.slice(1);
      await admin.acl("SETUSER", "web", ...rules, "+info", `-${name}`);
      const { code, err } = await verify(as("web"), driver);
      expect(err, name).toContain(`The user may not run ${name} at `);
      expect(err.match(/\[verify\//g)?.length, err).toBe(name === "info" ? 2 : 1);
      expect(code, name).toBe(6);
    }
    await admin.acl("SETUSER", "web", ...rules, "-select");
    // node-redis does not connect then; ioredis stays in database 0.
    const unselected = await verify(`${as("web")}/1`, driver);
    expect(unselected.err).toMatch(
      driver === "redis" ? /NOPERM.*'select'/ : "The user may not run select at",
    );
    expect(unselected.code).toBe(driver === "redis" ? 5 : 6);
    await admin.acl("SETUSER", "web", ...rules, "+info", "resetkeys", "~sessions:*");
    const { code, err } = await verify(as("web"), driver);
    const { tag } = identityOf({ application });
    expect(err).toContain(`The user may not use the keys session:${tag}.* at `);
    expect(err).not.toContain("may not run");
    expect(err).not.toContain(password);
    expect(code).toBe(6);
  });

  it("says what it could not look at", async () => {
    const rules = await emittedRules('{ kind: "redis", url: env("U"), driver: "redis" }');
    await admin.acl("SETUSER", "web", ...rules);
    const { code, err } = await verify(as("web"), "redis");
    expect(err).toContain("its eviction policy and its clock were not looked at");
    expect(err).toContain("[verify/not-checked]");
    expect(code).toBe(0);
  });

  it.each([
    ["a replica", () => admin.replicaof("127.0.0.1", 1), "READONLY"],
    ["a full one", () => admin.config("SET", "maxmemory", "1"), "OOM"],
  ])("finds that the server refuses to write: %s", async (_name, spoil, word) => {
    await spoil();
    const { code, err } = await verify(server.url);
    expect(err).toContain(`refuses to write: ${word}`);
    expect(err).toContain("[verify/read-only]");
    expect(code).toBe(6);
  });

  it.each([
    [60_000, "60 s behind"],
    [-60_000, "60 s ahead of"],
    [4000, undefined],
  ])("compares the clocks: ours %i ms ahead", async (milliseconds, words) => {
    const now = Date.now;
    vi.spyOn(Date, "now").mockImplementation(() => now() + milliseconds);
    const { code, err } = await verify(server.url).finally(() => vi.restoreAllMocks());
    expect(code).toBe(0);
    if (words === undefined) expect(err).toBe("");
    else expect(err).toMatch(new RegExp(`${words} this machine's.*\\[verify/clock-skew\\]`));
  });

  it.each(["ioredis", "redis"])("says that there is no server, without the password: %s", async (driver) => {
    for (const url of ["redis://web:s3cret@127.0.0.1:1", as("nobody"), "web:s3cret@localhost"]) {
      const { code, err } = await verify(url, driver);
      expect(err).toContain("[backend/unavailable]");
      expect(err).not.toMatch(/s3cret|p4ssw0rd/);
      expect(code).toBe(5);
    }
  });
});

describe.skipIf(!canStart(redisCluster))("on a cluster", () => {
  let server: Running;
  let nodes: Redis[];
  beforeAll(async () => {
    server = await startCluster(3);
    const seed = new Redis(server.url);
    const slots = await seed.cluster("SLOTS");
    seed.disconnect();
    nodes = slots.map(([, , master]) => new Redis(`redis://${master?.[0]}:${master?.[1]}`));
    for (const node of nodes)
      await node.config("SET", "maxmemory", "100mb", "maxmemory-policy", "volatile-ttl");
  });
  afterAll(async () => {
    for (const node of nodes) node.disconnect();
    await server.stop();
  });

  it.each(["ioredis", "redis"])("verify looks at every node: %s", async (driver) => {
    const backend = `{ kind: "redis", nodes: [env("NODE")], driver: "${driver}" }`;
    const rules = await emittedRules(backend);
    for (const node of nodes) await node.acl("SETUSER", "web", ...rules, "+info");
    const env = { NODE: server.url.replace("//", `//web:${password}@`) };
    expect(await sessgen(backend, ["verify"], env)).toMatchObject({ code: 0, err: "" });
    await nodes[2]?.acl("SETUSER", "web", "-zadd");
    const { code, err } = await sessgen(backend, ["verify"], env);
    expect(err).toContain(`The user may not run zadd at 127.0.0.1:${nodes[2]?.options.port}`);
    expect(err.match(/\[verify\//g)?.length).toBe(1);
    expect(code).toBe(6);
  });

  it.each(["ioredis", "redis"] as const)("migrate enters the sessions of every node: %s", async (driver) => {
    const prefix = `${driver}:`;
    const code = `{ kind: "redis", nodes: [env("SESSIONS_URL")], prefix: "${prefix}", driver: "${driver}" }`;
    const open = () => redisStore({ nodes: [server.url], prefix, driver });
    const user = await stored({ code, env: { SESSIONS_URL: server.url }, open }, { fields: "{}" });
    const keys = await copies(user, 60);
    user.write(withIndex(code));
    await user.sessgen();
    expect(await user.sessgen("migrate", "--status")).toMatchObject({ out: "pending: index by_user_id\n" });
    expect(await user.sessgen("migrate")).toMatchObject({
      code: 0,
      err: "",
      out: "61 of 61 sessions entered\napplied: index by_user_id\n",
    });
    expect(await found(user, "7")).toEqual(keys);
    expect(await user.sessgen("migrate")).toMatchObject({ out: "Nothing is pending\n" });
  });
});

it.skipIf(!canStart(recipe))("verify asks the Sentinels for the primary", async () => {
  const { url, name, stop } = await startSentinel();
  onTestFinished(stop);
  for (const driver of ["ioredis", "redis"]) {
    const sentinel = (primary: string) =>
      `{ kind: "redis", driver: "${driver}", sentinel: { name: "${primary}", nodes: ["redis://127.0.0.1:1", "${url}"] } }`;
    const { code, err } = await sessgen(sentinel(name), ["verify"]);
    // Nothing but the default policy, and that there is no limit by default.
    expect(err.match(/\[[a-z]+\/[a-z-]+\]/g)).toEqual(["[verify/no-maxmemory]", "[verify/eviction-policy]"]);
    expect(code).toBe(0);
    const { err: unknown } = await sessgen(sentinel("other"), ["verify"]);
    expect(unknown).toContain("The Sentinels know no primary called other");
  }
});

/** The config of the same application, with an index. */
const withIndex = (code: string, fields = index): Record<string, string> => ({
  "session.config.ts": config(schema, `fields: ${fields}, backend: ${code}`),
});

/** Begins a session of user 7 and copies it; gives back all keys, sorted. */
async function copies(user: Stored, count: number): Promise<string[]> {
  const first = storeKey(idOf(user.begin('{ user: { id: 7, name: "Ada" } }')), { application });
  const store = user.open();
  const session = await store.read(first);
  if (session === undefined) throw new Error("The session is not there");
  const { payload, expiresAt } = session;
  const keys = Array.from({ length: count }, (_, i) => storeKey(`copy ${i}`, { application }));
  await Promise.all(keys.map((key) => store.write(key, payload, { expect: "absent", expiresAt })));
  await store.close();
  return [first, ...keys].sort();
}

async function found(user: Stored, value: string): Promise<string[]> {
  const store = user.open();
  const keys = new Set(
    await foundKeys(store, "user_id", value, { application: identityOf({ application }).tag }),
  );
  await store.close();
  return [...keys].sort();
}

const url = await serviceUrl("redis");

describe.skipIf(url === "")("migrate, on Redis", () => {
  const admin = new Redis(url, { lazyConnect: true });
  afterAll(() => admin.disconnect());
  const applied = /^applied: index by_user_id$/m;

  it("has nothing to do without an index", async () => {
    const user = await stored(onRedis(url), { fields: "{}" });
    for (const argv of [[], ["--status"], ["--dry-run"], ["--down"], ["--baseline"]]) {
      expect(await user.sessgen("migrate", ...argv)).toMatchObject({
        code: 0,
        out: argv[0] === "--down" ? "Nothing to undo\n" : "Nothing is pending\n",
      });
    }
  });

  it("enters sessions that are older than the index, once", async () => {
    const kind = onRedis(url);
    const user = await stored(kind, { fields: "{}" });
    const keys = await copies(user, 5);
    const anonymous = storeKey(idOf(user.begin("{ visits: 3 }")), { application });
    const store = user.open();
    onTestFinished(() => store.close());
    const before = await Promise.all(keys.map((key) => store.read(key)));
    const garbage = { expect: "any", expiresAt: Date.now() + 3_600_000 } as const;
    await store.write(storeKey("garbage", { application }), Uint8Array.of(0xc1), garbage);
    await store.write("without an application", Uint8Array.of(0xc1), garbage);
    const prefix = /prefix: "([^"]+)"/.exec(kind.code)?.[1] ?? "";
    await admin.set(`${prefix}foreign`, "x", "PX", 60_000);

    user.write(withIndex(kind.code));
    await user.sessgen();
    expect(await user.sessgen("migrate", "--status")).toMatchObject({ out: "pending: index by_user_id\n" });
    expect(await user.sessgen("migrate", "--dry-run")).toMatchObject({
      out: "Would be applied: index by_user_id\n",
    });
    expect(await found(user, "7")).toEqual([]);
    expect(await user.sessgen("migrate")).toEqual({
      code: 0,
      err: "",
      out: "6 of 8 sessions entered, 1 cannot be read\napplied: index by_user_id\n",
    });
    expect(await found(user, "7")).toEqual(keys);
    expect(await user.sessgen("migrate")).toMatchObject({ out: "Nothing is pending\n" });
    expect((await user.sessgen("migrate", "--status")).out).toMatch(
      /^applied: index by_user_id\nThe index on user.id is filled, not final: .*\n$/,
    );
    const after = await Promise.all(keys.map((key) => store.read(key)));
    const unchanged = (sessions: typeof before) => sessions.map((one) => [one?.payload, one?.expiresAt]);
    expect(unchanged(after)).toEqual(unchanged(before));
    expect(await store.read(anonymous)).toBeDefined();
    await user.sessgen("migrate", "--after-deploy");
    expect((await user.sessgen("revoke", "--by", "user.id=7", "--yes")).out).toContain("6 sessions");
  });

  it("looks once more after the deploy, and anew when the index becomes another", async () => {
    const kind = onRedis(url);
    const user = await stored(kind, { fields: "{}" });
    user.write(withIndex(kind.code));
    await user.sessgen();
    // There is no session that could lack it.
    expect((await user.sessgen("migrate")).out).toBe("Nothing is pending\n");
    user.write(withIndex(kind.code, "{}"));
    await user.sessgen();
    const keys = await copies(user, 1);
    user.write(withIndex(kind.code));
    await user.sessgen();
    expect((await user.sessgen("migrate", "--after-deploy")).out).toMatch(applied);
    expect(await found(user, "7")).toEqual(keys);
    for (const argv of [[], ["--after-deploy"]])
      expect(await user.sessgen("migrate", ...argv)).toMatchObject({ out: "Nothing is pending\n" });

    user.write(withIndex(kind.code, '{ "user.id": { index: "hashed" } }'));
    expect(await user.sessgen("migrate")).toMatchObject({
      code: 5,
      err: expect.stringContaining("does not know the index on user.id as it is now"),
    });
    await user.sessgen();
    expect((await user.sessgen("migrate")).out).toMatch(applied);
    // Nobody can list what an older deploy writes meanwhile, and so nobody believes that this is all.
    const refused = await user.sessgen("revoke", "--by", "user.id=7", "--yes");
    expect(refused.err).toContain("the index on user.id is not final, an older deploy may write without it");
    expect(refused.code).toBe(5);
    expect((await user.sessgen("migrate", "--after-deploy")).out).toMatch(applied);
    expect((await user.sessgen("revoke", "--by", "user.id=7", "--yes")).out).toContain("2 sessions");
  });

  it("notes with --baseline that everything is entered", async () => {
    const kind = onRedis(url);
    const user = await stored(kind, { fields: "{}" });
    await copies(user, 1);
    user.write(withIndex(kind.code));
    await user.sessgen();
    expect(await user.sessgen("migrate", "--baseline")).toMatchObject({
      out: "baselined: index by_user_id\n",
    });
    expect(await user.sessgen("migrate")).toMatchObject({ out: "Nothing is pending\n" });
    expect(await found(user, "7")).toEqual([]);
  });

  it("names the permission that the application has no use for", async () => {
    const kind = onRedis(url);
    const user = await stored(kind, { fields: "{}" });
    await copies(user, 1);
    user.write(withIndex(kind.code));
    await user.sessgen();
    const name = `web${process.pid}`;
    await admin.acl("SETUSER", name, ...(await emittedRules(kind.code)));
    onTestFinished(async () => void (await admin.acl("DELUSER", name)));
    const env = { SESSIONS_URL: url.replace("//", `//${name}:${password}@`) };
    expect(await runIn(user.root, ["migrate", "--status"], { env })).toMatchObject({ code: 0 });
    const refused = await runIn(user.root, ["migrate"], { env });
    expect(refused.err).toMatch(/The user may not send SCAN to Redis.*\[migrate\/failed\]/);
    expect(refused.code).toBe(5);
    expect(await user.sessgen("migrate", "--status")).toMatchObject({ out: "pending: index by_user_id\n" });
    await admin.acl("SETUSER", name, "+scan");
    expect((await runIn(user.root, ["migrate"], { env })).out).toMatch(applied);
  });

  it("loses nothing of what others write meanwhile, and two at once do no harm", async () => {
    const kind = onRedis(url);
    const user = await stored(kind, { fields: "{}" });
    const keys = await copies(user, 1500);
    const store = user.open();
    onTestFinished(() => store.close());
    user.write(withIndex(kind.code));
    await user.sessgen();
    const expiresAt = Date.now() + 3_600_000;
    const other = (
      await store.read(storeKey(idOf(user.begin('{ user: { id: 8, name: "Bob" } }')), { application }))
    )?.payload;
    if (other === undefined) throw new Error("The session is not there");
    let stop = false;
    const changed = new Set<string>();
    const removed = new Set<string>();
    // As a deploy that knows the index.
    const traffic = (async () => {
      for (const [i, key] of keys.entries()) {
        if (stop) return;
        if (i % 3 === 0 && (await store.remove(key))) removed.add(key);
        if (i % 3 !== 1) continue;
        let expected = (await store.read(key))?.version;
        while (expected !== undefined) {
          const options = { expect: expected, expiresAt, index: { user_id: "8" } };
          const result = await store.write(key, other, options);
          if (result.ok) changed.add(key);
          expected = result.ok ? undefined : result.current?.version;
        }
      }
    })();
    const runs = await Promise.all([user.sessgen("migrate"), user.sessgen("migrate")]);
    stop = true;
    await traffic;
    for (const run of runs) expect(run).toMatchObject({ code: 0, err: "" });
    expect(changed.size).toBeGreaterThan(10);
    const [sevens, eights] = [new Set(await found(user, "7")), new Set(await found(user, "8"))];
    for (const key of keys) {
      const session = await store.read(key);
      if (removed.has(key)) expect(session).toBeUndefined();
      else if (changed.has(key)) {
        expect(session).toMatchObject({ payload: Buffer.from(other), expiresAt });
        expect(eights.has(key)).toBe(true);
      } else expect(sevens.has(key)).toBe(true);
    }
  });
});
