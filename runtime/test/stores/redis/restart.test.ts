import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { eventually } from "../../../../services/machine.js";
import { type Restartable, redis, startDurable } from "../../../../services/redis.js";
import { redisDrivers } from "../../../src/stores/redis/client.js";
import { redisStore } from "../../../src/stores/redis/index.js";
import type { SessionStore } from "../../../src/stores/store.js";
import { found } from "./helpers.js";

// The table says so when there is no server; one in a container cannot be killed and find its data again.
const available = (await serviceUrl("redis")) !== "" && redis.available();

describe.skipIf(!available).each(redisDrivers)("a Redis of %s that is killed", (driver) => {
  const within = async (body: (store: SessionStore, server: Restartable) => Promise<void>) => {
    const server = await startDurable();
    const store = redisStore({ url: server.url, driver });
    try {
      await body(store, server);
    } finally {
      await store.close();
      await server.stop();
    }
  };
  const expiresAt = Date.now() + 3_600_000;

  it("and started again, has every write that it acknowledged, and serves the same store", async () => {
    await within(async (store, server) => {
      const index = { user_id: "u" };
      const acknowledged = new Map<string, string>();
      let writing = true;
      const writer = async (name: string): Promise<void> => {
        for (let i = 0; writing; i += 1) {
          const key = `${name}${i % 20}`;
          const before = acknowledged.get(key) ?? "any";
          // From here on it is not known which one is there, should the write fail.
          acknowledged.delete(key);
          const written = await store
            .write(key, Buffer.from(key), { expect: before, expiresAt, index })
            .catch(() => undefined);
          if (written === undefined) continue;
          expect(written.ok, `${key} should be as it was last written`).toBe(true);
          if (written.ok) acknowledged.set(key, written.version);
        }
      };
      const writers = ["a", "b", "c", "d"].map(writer);
      for (let round = 0; round < 3; round += 1) {
        await expect.poll(() => acknowledged.size).toBeGreaterThan(60);
        await server.kill();
        await server.start();
        await eventually(() => store.read("a0"));
      }
      writing = false;
      await Promise.all(writers);
      for (const [key, version] of acknowledged) expect((await store.read(key))?.version, key).toBe(version);
      const keys = new Set(await found(store, "user_id", "u"));
      for (const key of acknowledged.keys()) expect(keys.has(key), key).toBe(true);
      expect(acknowledged.size).toBeGreaterThan(0);
    });
  });

  it("in the middle of an operation, which is repeated as soon as it is back", async () => {
    await within(async (store, server) => {
      const begun = await store.write("a", Uint8Array.of(1), { expect: "absent", expiresAt });
      await server.kill();
      const operations = Promise.all([
        eventually(() => store.read("a")),
        eventually(() =>
          store.write("a", Uint8Array.of(2), { expect: begun.ok ? begun.version : "", expiresAt }),
        ),
      ]);
      await server.start();
      const [, written] = await operations;
      expect(written.ok).toBe(true);
    });
  });
});

describe.skipIf(!available).each(redisDrivers)("a connection of %s that breaks", (driver) => {
  it("goes unnoticed by reads, touches and conditional writes, and no write is refused for having been done", async () => {
    const server = await startDurable();
    const admin = new Redis(server.url);
    const store = redisStore({ url: server.url, driver });
    try {
      const expiresAt = Date.now() + 3_600_000;
      let version = "absent";
      for (let round = 0; round < 30; round += 1) {
        // Sent together with the operation: the connection breaks before, during or after it.
        const cut = admin.call("CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "YES");
        if (round % 3 === 0) {
          const written = await store.write("a", Uint8Array.of(round), { expect: version, expiresAt });
          expect(written.ok).toBe(true);
          if (written.ok) version = written.version;
        } else if (round % 3 === 1) expect((await store.read("a"))?.version).toBe(version);
        else expect(await store.touch("a", expiresAt)).toBe("touched");
        await cut;
      }
    } finally {
      admin.disconnect();
      await store.close();
      await server.stop();
    }
  });
});
