import { Cluster } from "ioredis";
import { createCluster } from "redis";
import { describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { moveSlots, redisCluster, startCluster } from "../../../../services/redis-cluster.js";
import { canStart } from "../../../../services/start.js";
import { type RedisClient, redisDrivers } from "../../../src/stores/redis/client.js";
import { redisStore } from "../../../src/stores/redis/index.js";
import { testStore } from "../../../src/testing/index.js";
import { found } from "./helpers.js";

const url = await serviceUrl("redis-cluster");
let prefixes = 0;
const freshPrefix = (): string => {
  prefixes += 1;
  return `test:${process.pid}:${prefixes}:`;
};

describe.skipIf(url === "").each(redisDrivers)("a cluster through %s", (driver) => {
  testStore(
    { describe, it },
    `redis-cluster (${driver})`,
    () => {
      const prefix = freshPrefix();
      return {
        store: redisStore({ nodes: [url], prefix, driver }),
        now: Date.now,
        advance: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds + 5)),
        another: () => redisStore({ nodes: [url], prefix, driver }),
      };
    },
    { sweep: "Redis deletes expired keys itself" },
  );

  it("is reached through a client of the application's own, which stays open", async () => {
    const own =
      driver === "ioredis"
        ? new Cluster([url], { enableAutoPipelining: true })
        : createCluster({ rootNodes: [{ url }] });
    if (!(own instanceof Cluster)) await own.connect();
    const client: RedisClient = own;
    const prefix = freshPrefix();
    const expiresAt = Date.now() + 60_000;
    const keys = Array.from({ length: 50 }, (_, i) => `k${i}`);
    for (let round = 0; round < 2; round += 1) {
      const store = redisStore({ client, prefix });
      const write = { expect: "any", expiresAt, index: { user_id: "u" } } as const;
      await Promise.all(keys.map((key) => store.write(key, Uint8Array.of(1), write)));
      const stored = await Promise.all(keys.map((key) => store.read(key)));
      expect(stored.every((session) => session !== undefined)).toBe(true);
      expect(await found(store, "user_id", "u")).toEqual([...keys].sort());
      await store.close();
    }
    if (own instanceof Cluster) own.disconnect();
    else own.destroy();
  });

  it("takes a session's entries along after it, but not those of a write that came between", async () => {
    const own = new Cluster([url]);
    const prefix = freshPrefix();
    const store = redisStore({ nodes: [url], prefix, driver });
    const set = `${prefix}by:user_id:u`;
    const members = () => own.zrange(set, "0", "-1");
    const expiresAt = Date.now() + 60_000;
    const index = { user_id: "u" };
    const first = await store.write("a", Uint8Array.of(1), { expect: "absent", expiresAt, index });
    await store.write("b", Uint8Array.of(1), { expect: "absent", expiresAt, index });
    const version = first.ok ? first.version : "";
    expect(await store.touch("a", expiresAt + 1000, { expect: version, index })).toBe("touched");
    expect(await store.remove("a", { expect: version })).toBe(true);
    expect(await members()).toEqual(["b"]);
    await store.write("b", Uint8Array.of(2), { expect: "any", expiresAt, index: { user_id: null } });
    expect(await members()).toEqual([]);
    // Dead, and made just now: perhaps its session is about to be written, on another node.
    await store.write("c", Uint8Array.of(1), { expect: "absent", expiresAt, index });
    await own.del(`${prefix}c`);
    expect(await found(store, "user_id", "u")).toEqual([]);
    expect(await members()).toEqual(["c"]);
    // As it looks two minutes later: its fraction says when it was made, in seconds modulo 1024.
    const [now] = (await own.nodes("master")[0]?.time())?.map(Number) ?? [];
    const ends = Math.floor(Number(await own.zscore(set, "c")));
    await own.zadd(set, ends + (((now ?? 0) - 120) % 1024) / 1024, "c");
    expect(await found(store, "user_id", "u")).toEqual([]);
    expect(await members()).toEqual([]);
    await store.close();
    own.disconnect();
  });

  it("is gone: store/unavailable", async () => {
    const store = redisStore({ nodes: ["redis://127.0.0.1:1", "redis://127.0.0.1:2"], driver });
    await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable" });
    await store.close();
  });
});

describe.skipIf(url === "" || !canStart(redisCluster)).each(redisDrivers)(
  "a cluster of %s's own",
  (driver) => {
    it("keeps working, and every session, while slots move from node to node", async () => {
      const cluster = await startCluster(3);
      const store = redisStore({ nodes: [cluster.url], driver });
      try {
        const expiresAt = Date.now() + 600_000;
        const index = { user_id: "u" };
        const versions = new Map<string, string>();
        const write = async (key: string): Promise<void> => {
          const written = await store.write(key, Buffer.from(key), {
            expect: versions.get(key) ?? "absent",
            expiresAt,
            index,
          });
          expect(written.ok, `${key} should be written`).toBe(true);
          if (written.ok) versions.set(key, written.version);
        };
        const keys = Array.from({ length: 200 }, (_, i) => `k${i}`);
        await Promise.all(keys.map(write));
        let moving = true;
        const moved = moveSlots(cluster.url).finally(() => {
          moving = false;
        });
        let rounds = 0;
        for (; moving || rounds === 0; rounds += 1) {
          await Promise.all(
            keys.map(async (key) => {
              expect((await store.read(key))?.version, key).toBe(versions.get(key));
              await write(key);
              expect(await store.touch(key, expiresAt + rounds, { index }), key).toBe("touched");
            }),
          );
          expect(await found(store, "user_id", "u")).toEqual([...keys].sort());
        }
        expect(await moved).toBeGreaterThan(0);
        for (const key of keys) expect(await store.remove(key), key).toBe(true);
      } finally {
        await store.close();
        await cluster.stop();
      }
    });

    it("of one node serves a client that does not know it is one", async () => {
      const cluster = await startCluster(1);
      const store = redisStore({ url: cluster.url, driver });
      try {
        const write = { expect: "absent", expiresAt: Date.now() + 60_000 } as const;
        const index = { user_id: "u", tenant: "t" };
        for (const key of ["a", "b"])
          expect((await store.write(key, Uint8Array.of(1), { ...write, index })).ok).toBe(true);
        expect(await store.touch("a", Date.now() + 90_000, { index })).toBe("touched");
        expect(await found(store, "tenant", "t")).toEqual(["a", "b"]);
      } finally {
        await store.close();
        await cluster.stop();
      }
    });
  },
);
