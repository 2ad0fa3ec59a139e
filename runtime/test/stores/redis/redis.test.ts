import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { redis, withArguments } from "../../../../services/redis.js";
import type { Running } from "../../../../services/service.js";
import { canStart, startOwn } from "../../../../services/start.js";
import { type RedisClient, redisDrivers } from "../../../src/stores/redis/client.js";
import { redisStore } from "../../../src/stores/redis/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { fakeClock, testStore } from "../../../src/testing/index.js";
import { byDeadline } from "../shared/by-deadline.js";
import { counted, found } from "./helpers.js";

const url = await serviceUrl("redis");
let prefixes = 0;
const freshPrefix = (): string => {
  prefixes += 1;
  return `test:${process.pid}:${prefixes}:`;
};

// Without a server the table at the end of `npm test` says so, and with CI=true that is a failure.
describe.skipIf(url === "").each(redisDrivers)("Redis through %s", (driver) => {
  testStore(
    { describe, it },
    `redis (${driver})`,
    () => {
      const prefix = freshPrefix();
      return {
        store: redisStore({ url, prefix, driver }),
        now: Date.now,
        // Expiry is the server's own: there is nothing to wait for but the time.
        advance: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds + 5)),
        another: () => redisStore({ url, prefix, driver }),
      };
    },
    { sweep: "Redis deletes expired keys itself" },
  );

  it("a session that has expired by the store's clock is absent, though the server still has it", async () => {
    const clock = fakeClock();
    const store = redisStore({ url, prefix: freshPrefix(), clock, driver });
    const begin = () => store.write("a", Uint8Array.of(1), { expect: "absent", expiresAt: clock() + 60_000 });
    const operations: [string, () => Promise<unknown>, unknown][] = [
      ["read", () => store.read("a"), undefined],
      ["touch", () => store.touch("a", clock() + 60_000), "gone"],
      ["remove", () => store.remove("a"), false],
    ];
    for (const [name, operation, want] of operations) {
      const begun = await begin();
      expect(begun.ok, `begun anew before ${name}`).toBe(true);
      clock.advance(60_000);
      expect(await operation(), name).toBe(want);
      const late = { expect: begun.ok ? begun.version : "", expiresAt: clock() + 60_000 };
      expect(await store.write("a", Uint8Array.of(2), late)).toEqual({ ok: false, current: undefined });
    }
    await store.close();
  });

  it("keys and prefixes are any text", async () => {
    const expiresAt = Date.now() + 60_000;
    for (const prefix of ["", "'\"`;", "a.b:{c}:", "ünï\u0000", "{", "}", `${"p".repeat(300)}:`]) {
      const store = redisStore({ url, prefix: freshPrefix() + prefix, driver });
      const write = { expect: "absent", expiresAt, index: { user_id: "u" } } as const;
      expect((await store.write("a", Uint8Array.of(1), write)).ok).toBe(true);
      expect(await found(store, "user_id", "u")).toEqual(["a"]);
      expect(await store.remove("a")).toBe(true);
      await store.close();
    }
  });

  describe("a client of the application's own", () => {
    let client: RedisClient;
    const admin = new Redis(url, { lazyConnect: true });
    beforeAll(async () => {
      client = driver === "ioredis" ? new Redis(url) : await createClient({ url }).connect();
    });
    afterAll(() => {
      admin.disconnect();
      if (client instanceof Redis) client.disconnect();
      else (client as ReturnType<typeof createClient>).destroy();
    });

    it("is used and left open", async () => {
      const prefix = freshPrefix();
      for (let round = 0; round < 2; round += 1) {
        const store = redisStore({ client, prefix });
        await store.write("a", Uint8Array.of(1), { expect: "any", expiresAt: Date.now() + 60_000 });
        await store.close();
      }
      expect(await admin.exists(`${prefix}a`)).toBe(1);
    });

    it("finds scripts again that the server has forgotten", async () => {
      const store = redisStore({ client, prefix: freshPrefix() });
      const write = { expect: "any", expiresAt: Date.now() + 60_000 } as const;
      await store.write("a", Uint8Array.of(1), write);
      await admin.script("FLUSH");
      expect((await store.write("a", Uint8Array.of(2), write)).ok).toBe(true);
    });

    it("sees a foreign value as no session, and leaves it alone", async () => {
      const prefix = freshPrefix();
      const key = `${prefix}a`;
      const store = redisStore({ client, prefix });
      await admin.set(key, "hello", "PX", 60_000);
      expect(await store.read("a")).toBeUndefined();
      expect(await store.touch("a", Date.now() + 60_000)).toBe("gone");
      expect(await admin.get(key)).toBe("hello");
    });
  });

  describe("lookup by field", () => {
    const admin = new Redis(url, { lazyConnect: true });
    afterAll(() => admin.disconnect());
    const index = { user_id: "u" } as const;

    it("goes through thousands page by page, beside traffic", async () => {
      const store = redisStore({ url, prefix: freshPrefix(), driver });
      const expiresAt = Date.now() + 60_000;
      // Many share an expiry, so that pages end among equals.
      const keys = Array.from({ length: 1700 }, (_, i) => `k${i}`);
      const add = (key: string, at: number) =>
        store.write(key, Uint8Array.of(1), { expect: "any", expiresAt: at, index });
      await Promise.all(keys.map((key, i) => add(key, expiresAt + (i % 3))));
      const seen = new Set<string>();
      for await (const page of store.findByIndex?.("user_id", "u", { application: "" }) ?? []) {
        const [first] = page;
        if (first !== undefined) {
          await add(`early${seen.size}`, expiresAt - 1000);
          await add(`equal${seen.size}`, expiresAt + 1);
          await store.touch(first.key, expiresAt + 5000, { index });
          await store.remove(first.key);
        }
        for (const { key } of page) seen.add(key);
      }
      expect(keys.filter((key) => !seen.has(key))).toEqual([]);
      await store.close();
    });

    it("keeps no entry longer than its session, and the set itself a day longer than the last", async () => {
      const clock = fakeClock();
      const prefix = freshPrefix();
      const store = redisStore({ url, prefix, driver, clock });
      const set = `${prefix}by:user_id:u`;
      const write = (key: string, milliseconds: number) =>
        store.write(key, Uint8Array.of(1), { expect: "any", expiresAt: clock() + milliseconds, index });
      await write("brief", 1000);
      await write("long", 60_000);
      await write("long", 50_000);
      // By the server's clock, in seconds, whatever the application's says.
      const ends = Math.floor(Number(await admin.zscore(set, "long")));
      const [now] = (await admin.time()).map(Number);
      expect(ends - (now ?? 0)).toBeGreaterThan(20);
      expect(ends - (now ?? 0)).toBeLessThanOrEqual(61);
      expect(await admin.pttl(set)).toBeGreaterThan(20_000);
      clock.advance(1000);
      expect(await found(store, "user_id", "u")).toEqual(["long"]);
      await write("other", 30_000);
      expect(await found(store, "user_id", "u")).toEqual(["long", "other"]);
      const left = await admin.pttl(set);
      expect(left).toBeGreaterThan(86_400_000);
      expect(left).toBeLessThanOrEqual(86_400_000 + 61_000);
      await store.close();
    });

    it("takes a session's entries along, whoever removes or replaces it, and whatever he knows of them", async () => {
      const prefix = freshPrefix();
      const store = redisStore({ url, prefix, driver });
      const members = async (user: string) => admin.zrange(`${prefix}shop.by:user_id:${user}`, "0", "-1");
      const write = { expect: "any", expiresAt: Date.now() + 60_000 } as const;
      const begin = (user: string) =>
        store.write("shop.a", Uint8Array.of(1), { ...write, index: { user_id: user, tenant: null } });
      await begin("ada");
      expect(await members("ada")).toEqual(["shop.a"]);
      await begin("eve");
      expect([await members("ada"), await members("eve")]).toEqual([[], ["shop.a"]]);
      // Without values: those there are stay.
      await store.write("shop.a", Uint8Array.of(2), write);
      expect(await members("eve")).toEqual(["shop.a"]);
      expect(await store.touch("shop.a", write.expiresAt + 60_000)).toBe("touched");
      const ends = Number(await admin.zscore(`${prefix}shop.by:user_id:eve`, "shop.a"));
      expect(ends).toBeGreaterThan((write.expiresAt + 50_000) / 1000);
      expect(await store.remove("shop.a")).toBe(true);
      expect(await members("eve")).toEqual([]);
      expect(await admin.keys(`${prefix}*`)).toEqual([]);
      await store.close();
    });

    it("purges entries behind which the server has nothing, and no others, whatever its clock says", async () => {
      const prefix = freshPrefix();
      const store = redisStore({ url, prefix, driver });
      // Five minutes ahead: to this one, all has ended.
      const ahead = redisStore({ url, prefix, driver, clock: () => Date.now() + 300_000 });
      const set = `${prefix}by:user_id:u`;
      const keys = ["a", "b", "c"];
      for (const key of keys)
        await store.write(key, Uint8Array.of(1), { expect: "any", expiresAt: Date.now() + 60_000, index });
      // As an eviction does, or a tool.
      await admin.del(`${prefix}b`);
      expect(await found(ahead, "user_id", "u")).toEqual([]);
      await ahead.write("d", Uint8Array.of(1), { expect: "any", expiresAt: Date.now() + 360_000, index });
      expect((await admin.zrange(set, "0", "-1")).sort()).toEqual(["a", "c", "d"]);
      expect(await found(store, "user_id", "u")).toEqual(["a", "c", "d"]);
      await Promise.all([store.close(), ahead.close()]);
    });

    it("knows long values apart, under short names", async () => {
      const prefix = freshPrefix();
      const store = redisStore({ url, prefix, driver });
      const values = [
        "v".repeat(64),
        "v".repeat(65),
        `${"v".repeat(65)}w`,
        "ä".repeat(33),
        "x".repeat(100_000),
      ];
      for (const [i, value] of values.entries()) {
        const write = {
          expect: "absent",
          expiresAt: Date.now() + 60_000,
          index: { user_id: value },
        } as const;
        await store.write(`k${i}`, Uint8Array.of(1), write);
      }
      for (const [i, value] of values.entries())
        expect(await found(store, "user_id", value)).toEqual([`k${i}`]);
      const names = await admin.keys(`${prefix}by:*`);
      expect(names.length).toBe(values.length);
      expect(Math.max(...names.map((name) => name.length - prefix.length))).toBeLessThanOrEqual(80);
      await store.close();
    });
  });
});

it.each([
  [undefined, "Neither the package ioredis nor the package redis is installed"],
  ["ioredis", "The package ioredis is not installed"],
  ["redis", "The package redis is not installed"],
] as const)("without the driver (%s): store/missing-driver", async (driver, message) => {
  for (const name of redisDrivers) {
    vi.doMock(name, () => {
      throw new Error(`Cannot find package '${name}'`);
    });
  }
  vi.resetModules();
  try {
    const fresh = await import("../../../src/stores/redis/index.js");
    const store = fresh.redisStore({ url: "redis://127.0.0.1:1", ...(driver && { driver }) });
    await expect(store.read("a")).rejects.toMatchObject({
      code: "store/missing-driver",
      message: expect.stringContaining(message),
    });
  } finally {
    for (const name of redisDrivers) vi.doUnmock(name);
    vi.resetModules();
  }
});

it.each([
  [{}, "no url, no nodes"],
  [{ nodes: [] }, "no url, no nodes"],
  [{ nodes: ["secret@host"] }, "not a URL"],
  [{ sentinel: { name: "s", nodes: ["http://u:secret@host"] } }, "neither redis:// nor rediss://"],
])("without a usable address (%j): store/unavailable, and no secret", async (options, message) => {
  for (const driver of redisDrivers) {
    const error: Error = await redisStore({ ...options, driver })
      .read("a")
      .then(
        () => new Error("none"),
        (e) => e,
      );
    expect(error).toMatchObject({ code: "store/unavailable", message: expect.stringContaining(message) });
    expect(error.message).not.toContain("secret");
  }
});

// Needs servers of its own: with an address in REDIS_URL and nothing to start one with, the table says so.
describe.skipIf(url === "" || !canStart(redis)).each(redisDrivers)("a Redis of %s that fails", (driver) => {
  const write = { expect: "any", expiresAt: Date.now() + 3_600_000 } as const;
  const within = async (args: string[], body: (store: SessionStore, server: Running) => Promise<void>) => {
    const { running: server } = await startOwn(withArguments(...args));
    const store = redisStore({ url: server.url, driver });
    try {
      await body(store, server);
    } finally {
      await store.close();
      await server.stop();
    }
  };

  it("is gone: store/unavailable", async () => {
    const store = redisStore({ url: "redis://127.0.0.1:1", driver });
    await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable", status: 503 });
    await expect(store.remove("a")).rejects.toMatchObject({ code: "store/unavailable" });
    await store.close();
  });

  it("is slow: store/timeout at the deadline", async () => {
    await within([], async (store, server) => {
      await store.read("a");
      server.freeze();
      try {
        await expect(byDeadline(store, 50, (deadline) => store.read("a", deadline))).rejects.toMatchObject({
          code: "store/timeout",
        });
      } finally {
        server.thaw();
      }
      expect(await store.read("a")).toBeUndefined();
    });
  });

  it("is slow: can be closed while somebody waits who keeps the deadline himself", async () => {
    await within([], async (store, server) => {
      await store.read("a");
      server.freeze();
      try {
        const late = store.read("a", { bounded: true }).catch(() => {});
        await store.close();
        server.thaw();
        await late;
      } finally {
        server.thaw();
      }
      await expect(store.read("a")).rejects.toMatchObject({ code: "store/closed" });
    });
  });

  it("is read-only: store/read-only", async () => {
    await within(["--replicaof", "127.0.0.1", "1"], async (store) => {
      await expect(store.write("a", Uint8Array.of(1), write)).rejects.toMatchObject({
        code: "store/read-only",
      });
    });
  });

  it("is out of memory: store/full, and nothing is half written", async () => {
    await within(["--maxmemory", "1", "--maxmemory-policy", "noeviction"], async (store) => {
      const index = { user_id: "u" };
      for (const options of [write, { ...write, index }])
        await expect(store.write("a", Uint8Array.of(1), options)).rejects.toMatchObject({
          code: "store/full",
        });
      expect(await store.read("a")).toBeUndefined();
    });
  });

  it("refuses the credentials: store/denied, without showing them", async () => {
    await within([], async (_, { url: address }) => {
      const admin = new Redis(address);
      await admin.config("SET", "requirepass", "right");
      for (const login of ["", ":wrong@", "nobody:wrong@"]) {
        const store = redisStore({ url: address.replace("//", `//${login}`), driver });
        for (const operation of [store.read("a"), store.write("a", Uint8Array.of(1), write)]) {
          const error: Error = await operation.then(
            () => new Error("none"),
            (e) => e,
          );
          expect(error).toMatchObject({ code: "store/denied" });
          expect(error.message).not.toContain("wrong");
        }
        await store.close();
      }
      admin.disconnect();
    });
  });

  it("lacks permissions: store/denied for reads, store/read-only for writes", async () => {
    await within([], async (_, { url: address }) => {
      const admin = new Redis(address);
      await admin.acl("SETUSER", "nothing", "on", ">secret", "+@connection", "+info", "+hello");
      await admin.acl(
        "SETUSER",
        "reader",
        "on",
        ">secret",
        "~*",
        "+@read",
        "+@connection",
        "+info",
        "+evalsha",
        "+eval",
      );
      const nothing = redisStore({ url: address.replace("//", "//nothing:secret@"), driver });
      await expect(nothing.read("a")).rejects.toMatchObject({ code: "store/denied" });
      const reader = redisStore({ url: address.replace("//", "//reader:secret@"), driver });
      expect(await reader.read("a")).toBeUndefined();
      await expect(reader.write("a", Uint8Array.of(1), write)).rejects.toMatchObject({
        code: "store/read-only",
      });
      await Promise.all([nothing.close(), reader.close()]);
      admin.disconnect();
    });
  });

  it("is asked once per operation: GET to read, EVALSHA for all else, with an index too", async () => {
    await within([], async (store, { url: address }) => {
      const admin = new Redis(address);
      const expiresAt = Date.now() + 60_000;
      const index = { user_id: "u", tenant: "t" };
      const all = async () => {
        await store.read("a");
        await store.write("a", Uint8Array.of(1), { expect: "any", expiresAt });
        await store.write("a", Uint8Array.of(1), { expect: "any", expiresAt, index });
        await store.touch("a", expiresAt, { index });
        await found(store, "user_id", "u");
        await store.remove("a");
      };
      await all();
      const sent = await counted(admin, all);
      // The session that the lookup finds comes with the page.
      expect(sent).toEqual({ get: 1, evalsha: 5 });
      admin.disconnect();
    });
  });
});
