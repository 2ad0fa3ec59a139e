import { Redis } from "ioredis";
import { afterAll, describe, expect, inject, it } from "vitest";
import { startRedisServer } from "../../../services/redis.js";
import { redisStore } from "../../src/stores/redis.js";
import type { SessionStore } from "../../src/stores/store.js";
import { testStore } from "../../src/testing/index.js";

const url = inject("redis");
let prefixes = 0;

// Without a server the table at the end of `npm test` says so, and with CI=true that is a failure.
describe.skipIf(url === "")("Redis", () => {
  testStore(
    { describe, it },
    "redis",
    () => {
      prefixes += 1;
      const prefix = `test:${process.pid}:${prefixes}:`;
      return {
        store: redisStore({ url, prefix }),
        now: Date.now,
        // Expiry is the server's own: there is nothing to wait for but the time.
        advance: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds + 5)),
        another: () => redisStore({ url, prefix }),
      };
    },
    { sweep: "Redis deletes expired keys itself" },
  );

  describe("a client of the application's own", () => {
    const client = new Redis(url, { lazyConnect: true });
    afterAll(() => client.disconnect());

    it("is used and left open", async () => {
      const store = redisStore({ client, prefix: `own:${process.pid}:` });
      await store.write("a", Uint8Array.of(1), { expect: "any", expiresAt: Date.now() + 1000 });
      await store.close();
      expect(await client.exists(`own:${process.pid}:a`)).toBe(1);
    });

    it("finds scripts again that the server has forgotten", async () => {
      const store = redisStore({ client, prefix: `flush:${process.pid}:` });
      const write = { expect: "any", expiresAt: Date.now() + 1000 } as const;
      await store.write("a", Uint8Array.of(1), write);
      await client.script("FLUSH");
      expect((await store.write("a", Uint8Array.of(2), write)).ok).toBe(true);
    });

    it("sees a foreign value as no session", async () => {
      await client.set(`foreign:${process.pid}:a`, "hello", "PX", 1000);
      expect(await redisStore({ client, prefix: `foreign:${process.pid}:` }).read("a")).toBeUndefined();
    });
  });
});

describe.skipIf(url === "")("a Redis that fails", () => {
  const write = { expect: "any", expiresAt: Date.now() + 60_000 } as const;
  const within = async (
    args: string[],
    body: (store: SessionStore, server: { pid: number }) => Promise<void>,
  ) => {
    const server = await startRedisServer(...args);
    const store = redisStore({ url: server.url });
    try {
      await body(store, server);
    } finally {
      await store.close();
      await server.stop();
    }
  };

  it("is gone: store/unavailable", async () => {
    const store = redisStore({ url: "redis://127.0.0.1:1" });
    await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable", status: 503 });
    await store.close();
  });

  it("is slow: store/timeout at the deadline", async () => {
    await within([], async (store, { pid }) => {
      await store.read("a");
      process.kill(pid, "SIGSTOP");
      try {
        await expect(store.read("a", { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
          code: "store/timeout",
        });
      } finally {
        process.kill(pid, "SIGCONT");
      }
      expect(await store.read("a")).toBeUndefined();
    });
  });

  it("is read-only: store/read-only", async () => {
    await within(["--replicaof", "127.0.0.1", "1"], async (store) => {
      await expect(store.write("a", Uint8Array.of(1), write)).rejects.toMatchObject({
        code: "store/read-only",
      });
    });
  });

  it("is out of memory: store/full", async () => {
    await within(["--maxmemory", "1", "--maxmemory-policy", "noeviction"], async (store) => {
      await expect(store.write("a", Uint8Array.of(1), write)).rejects.toMatchObject({ code: "store/full" });
    });
  });
});
