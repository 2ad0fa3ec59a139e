import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { identityOf, type SessionStore } from "@sessgen/runtime";
import { redisStore } from "@sessgen/runtime/stores/redis";
import { foundKeys, testStore } from "@sessgen/runtime/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { has, temporaryFolder } from "../../../../services/machine.js";
import { redis, startRedis } from "../../../../services/redis.js";
import { redisCluster, startCluster } from "../../../../services/redis-cluster.js";
import type { Running } from "../../../../services/service.js";
import { canStart, startOwn } from "../../../../services/start.js";
import { valkey } from "../../../../services/valkey.js";
import { keyPattern } from "../../../src/backends/redis/commands.js";
import { application, config, project } from "../../support/project.js";

const schema = "user: z.object({ id: z.string() }).optional()";
const indexed = `fields: { "user.id": { index: true } }`;
/** With all that has a meaning in patterns. */
const prefix = "w*b[1]?\\ é:";

/** Options that change what is emitted. */
const cases = {
  plain: `backend: { kind: "redis", url: "redis://localhost" }`,
  indexed: `${indexed}, backend: { kind: "redis", url: env("REDIS_URL"), prefix: ${JSON.stringify(prefix)} }`,
  "prefix-from-environment": `backend: { kind: "redis", url: "redis://web@localhost/2", driver: "redis", prefix: env("PREFIX") }`,
  cluster: `${indexed}, backend: { kind: "redis", nodes: ["redis://web@localhost", env("REDIS_2")] }`,
  sentinel: `${indexed}, backend: { kind: "redis", driver: "ioredis", sentinel: { name: "main", nodes: ["redis://s@localhost"], username: "web", password: env("PASSWORD") } }`,
  "realm-from-environment": `realm: env("REALM"), backend: { kind: "redis", url: "redis://localhost" }`,
  "realms-before": `realm: "b", previous: [{ realm: "a" }, { realm: "" }], backend: { kind: "redis", url: "redis://localhost" }`,
  "own-client": `backend: { kind: "redis", client: "./redis.ts", url: "redis://admin@localhost" }`,
} as const;

/** What keys of the project's application begin with, behind the prefix. */
const tag = `${identityOf({ application }).tag}.`;

const password = "p4ssw0rd";
const hash = createHash("sha256").update(password).digest("hex");

/** A project with these options, and the client that some of them name. */
const shop = (options: string) =>
  project({ "session.config.ts": config(schema, options), "redis.ts": "export default {};\n" });

/** The emitted rule, with the password in place. */
async function emittedRule(options: string): Promise<string> {
  const user = shop(options);
  expect(await user.run()).toMatchObject({ code: 0, err: "" });
  return user
    .read("session-infra/redis/users.acl")
    .trimEnd()
    .replace("REPLACE_WITH_SHA256_OF_PASSWORD", hash);
}

describe("the infrastructure of Redis", () => {
  it.each(Object.entries(cases))("is what was reviewed: %s", async (name, options) => {
    const user = shop(options);
    expect(await user.run()).toMatchObject({ code: 0, err: "" });
    for (const file of ["users.acl", "redis.conf"]) {
      const text = user.read(`session-infra/redis/${file}`);
      await expect(text).toMatchFileSnapshot(`__snapshots__/${name}/${file}`);
      expect(text).not.toContain("s3cret");
    }
  });
});

describe.skipIf(!has("redis-server"))("a server that is started with it", () => {
  const start = async (files: { acl: string; options: string }): Promise<Running> => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "users.acl"), files.acl);
    const user = shop(files.options);
    await user.run();
    const settings = join(user.root, "session-infra/redis/redis.conf");
    return startRedis("redis-server", ["--aclfile", join(folder, "users.acl"), "--include", settings]);
  };

  it.each(Object.values(cases))("has the user and the policy: %s", async (options) => {
    const acl = `${(await emittedRule(options)).replaceAll("REPLACE_WITH_PREFIX", "session:")}\n`;
    const server = await start({ acl, options });
    onTestFinished(() => server.stop());
    const client = new Redis(server.url);
    onTestFinished(() => client.disconnect());
    expect(await client.config("GET", "maxmemory-policy")).toEqual(["maxmemory-policy", "volatile-ttl"]);
    const name = acl.split(" ")[1] ?? "";
    expect(await client.acl("USERS")).toEqual(expect.arrayContaining([name]));
    expect(await client.auth(name, password)).toBe("OK");
  });

  it("does not start while the password is a placeholder", async () => {
    const acl = (await emittedRule(cases.plain)).replace(hash, "REPLACE_WITH_SHA256_OF_PASSWORD");
    await expect(start({ acl, options: cases.plain })).rejects.toThrow("password hash");
  });
});

/** What a server says it was sent, apart from what needs no permission and what the tests send. */
async function commandsSeen(admins: readonly Redis[]): Promise<string[]> {
  const seen = new Set<string>();
  for (const admin of admins) {
    const stats = await admin.info("commandstats");
    for (const [, name = ""] of stats.matchAll(/^cmdstat_([^:]+):calls=[1-9]/gm)) seen.add(name);
  }
  const others = /^(?:auth|hello|acl\|.*|config\|.*|cluster\|(?!slots|info).*|client\|setinfo)$/;
  return [...seen].filter((name) => !others.test(name)).sort();
}

/** What was refused to users. */
async function denied(admins: readonly Redis[]): Promise<string[]> {
  const logs = await Promise.all(admins.map((admin) => admin.acl("LOG")));
  const entries = logs
    .flat()
    .map((entry) => (Array.isArray(entry) ? entry : Object.entries(entry ?? {}).flat()));
  return entries.map((fields) => String(fields[fields.indexOf("object") + 1]));
}

/** Connects without a word that would be counted. */
const connect = (url: string): Redis => new Redis(url, { enableReadyCheck: false, disableClientInfo: true });

/** Makes the emitted user on a server of the tests' own. */
async function asUser(options: string, servers: readonly string[]) {
  const rule = await emittedRule(options);
  const [, name = "", ...rules] = rule.split(" ");
  const admins = servers.map(connect);
  for (const admin of admins) {
    await admin.acl("SETUSER", name, ...rules);
    await admin.config("RESETSTAT");
    await admin.acl("LOG", "RESET");
  }
  const granted = rules.filter((one) => one.startsWith("+")).map((one) => one.slice(1));
  return {
    admins,
    granted: granted.sort(),
    login: `${name}:${password}@`,
    close: () => admins.forEach((admin) => void admin.disconnect()),
  };
}

/** What the conformance suite does not: more sessions of one value than come in one reply. */
async function useAll(store: SessionStore, lookup: boolean): Promise<void> {
  const write = { expect: "any", expiresAt: Date.now() + 3_600_000 } as const;
  await store.write("a", Uint8Array.of(1), write);
  if (!lookup) return;
  const keys = Array.from({ length: 501 }, (_, i) => `k${i}`);
  const index = { user_id: "u" };
  await Promise.all(keys.map((key) => store.write(key, Uint8Array.of(1), { ...write, index })));
  expect(new Set(await foundKeys(store, "user_id", "u")).size).toBe(501);
  for await (const page of store.findBeginnings?.("user_id", "u", { application: "", bytes: 64 }) ?? [])
    expect(page.length).toBeGreaterThan(0);
  // As who ends them all: the last one of a page is gone when the next page is asked for.
  for await (const page of store.findByIndex?.("user_id", "u", { application: "" }) ?? [])
    await Promise.all(page.map((session) => store.remove(session.key)));
  expect(await foundKeys(store, "user_id", "u")).toEqual([]);
}

const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds + 5));

const drivers = ["ioredis", "redis"] as const;
const withDriver = (options: string, driver: string): string =>
  options.replace(`kind: "redis"`, `kind: "redis", driver: "${driver}"`);

describe.each([redis, valkey].filter(canStart).map((recipe) => [recipe.name, recipe] as const))(
  "the emitted user on %s",
  (name, recipe) => {
    describe.each(
      drivers.flatMap((driver) => [
        { driver, what: "with an index", options: cases.indexed, base: `${prefix}${tag}` },
        {
          driver,
          what: "without an index",
          options: cases.plain.replace("localhost", "localhost/1"),
          base: `session:${tag}`,
        },
      ]),
    )("$what, through $driver", ({ driver, what, options, base }) => {
      let server: Running;
      let user: Awaited<ReturnType<typeof asUser>>;
      let url = "";
      beforeAll(async () => {
        ({ running: server } = await startOwn(recipe));
      });
      // `project` cleans up after a test, so the rule is made in one.
      it("is made", async () => {
        user = await asUser(withDriver(options, driver), [server.url]);
        url = `${server.url.replace("//", `//${user.login}`)}/1`;
      });
      afterAll(async () => {
        user.close();
        await server.stop();
      });

      let prefixes = 0;
      testStore(
        { describe, it },
        `${name} as that user (${driver}, ${what})`,
        () => {
          prefixes += 1;
          const own = `${base}${prefixes}:`;
          return {
            store: redisStore({ url, prefix: own, driver }),
            now: Date.now,
            advance: wait,
            another: () => redisStore({ url, prefix: own, driver }),
          };
        },
        {
          sweep: "Redis deletes expired keys itself",
          ...(what === "without an index" && { index: "the user may not" }),
        },
      );

      it("has needed every permission, and no other", async () => {
        // The first library to run a script sends its text; the other one may find it there.
        await user.admins[0]?.script("FLUSH");
        const store = redisStore({ url, prefix: base, driver });
        await useAll(store, what === "with an index");
        await store.close();
        const seen = (await commandsSeen(user.admins)).filter((command) => command !== "script|flush");
        expect(seen).toEqual(user.granted);
        // Valkey is told what the clients are, or not: see redis.conf.
        const others = (await denied(user.admins)).filter((command) => command !== "client|setinfo");
        expect(others).toEqual([]);
      });

      it("may do nothing else", async () => {
        const client = new Redis(url, { disableClientInfo: true });
        onTestFinished(() => client.disconnect());
        await user.admins[0]?.select(1);
        await user.admins[0]?.set("other", "secret");
        await user.admins[0]?.set(base.slice(0, -1), "secret");
        for (const words of [
          ["FLUSHALL"],
          ["FLUSHDB"],
          ["KEYS", "*"],
          ["SCAN", "0"],
          ["CONFIG", "GET", "*"],
          ["ACL", "LIST"],
          ["CLIENT", "LIST"],
          ["SCRIPT", "FLUSH"],
          ["MONITOR"],
          ["SUBSCRIBE", "a"],
          ["SHUTDOWN"],
          ["APPEND", `${base}a`, "x"],
          ["HSET", `${base}h`, "a", "b"],
          ["GET", "other"],
          ["GET", base.slice(0, -1)],
          // Of another application with the same prefix.
          ["GET", `${base.slice(0, -tag.length)}tag-of-8.a`],
          ["DEL", "other"],
          ["EVAL", 'return redis.call("GET", KEYS[1])', "1", "other"],
          ["EVAL", `return redis.call("GET", "other")`, "0"],
          ["EVAL", `return redis.call("KEYS", "*")`, "0"],
        ] as const) {
          const [command, ...args] = words;
          await expect(client.call(command, ...args), words.join(" ")).rejects.toThrow(
            /NOPERM|can't (?:run this command|access)|ACL failure/,
          );
        }
        expect(await user.admins[0]?.get("other")).toBe("secret");
      });
    });
  },
);

describe.skipIf(!canStart(redisCluster)).each(drivers)(
  "the emitted user of a cluster, through %s",
  (driver) => {
    let server: Running;
    let nodes: string[] = [];
    let user: Awaited<ReturnType<typeof asUser>>;
    let url = "";
    beforeAll(async () => {
      server = await startCluster(3);
      const client = connect(server.url);
      const slots = await client.cluster("SLOTS");
      client.disconnect();
      nodes = slots.map(([, , master]) => `redis://${master?.[0]}:${master?.[1]}`);
    });
    it("is made", async () => {
      user = await asUser(withDriver(cases.cluster, driver), nodes);
      url = server.url.replace("//", `//${user.login}`);
    });
    afterAll(async () => {
      user.close();
      await server.stop();
    });

    let prefixes = 0;
    testStore(
      { describe, it },
      `redis-cluster as that user (${driver})`,
      () => {
        prefixes += 1;
        const own = `session:${tag}${prefixes}:`;
        return {
          store: redisStore({ nodes: [url], prefix: own, driver }),
          now: Date.now,
          advance: wait,
          another: () => redisStore({ nodes: [url], prefix: own, driver }),
        };
      },
      { sweep: "Redis deletes expired keys itself" },
    );

    it("has needed every permission, and no other, while a slot moves, too", async () => {
      const [from, to] = user.admins;
      if (from === undefined || to === undefined) throw new Error("There are three nodes");
      const ids = await Promise.all([from, to].map((node) => node.cluster("MYID")));
      const slots = await from.cluster("SLOTS");
      const [first = 0, last = 0] = slots.find(([, , master]) => master?.[2] === ids[0]) ?? [];
      let key = "";
      for (let slot = -1, i = 0; slot < first || slot > last; i += 1) {
        key = `moving${i}`;
        slot = Number(await from.cluster("KEYSLOT", `session:${tag}${key}`));
      }
      const slot = Number(await from.cluster("KEYSLOT", `session:${tag}${key}`));
      await to.cluster("SETSLOT", slot, "IMPORTING", String(ids[0]));
      await from.cluster("SETSLOT", slot, "MIGRATING", String(ids[1]));
      const store = redisStore({ nodes: [url], prefix: `session:${tag}`, driver });
      expect(await store.read(key)).toBeUndefined();
      await useAll(store, true);
      await store.close();
      expect(await commandsSeen(user.admins)).toEqual(user.granted);
      expect(await denied(user.admins)).toEqual([]);
    });
  },
);

it.each([
  ["session:", "session:"],
  ["a*b?c[d]e\\", "a\\*b\\?c\\[d\\]e\\\\"],
  ["a b\n\u3000", "a?b????"],
])("the pattern of %j", (given, want) => {
  expect(keyPattern(given)).toBe(want);
});
