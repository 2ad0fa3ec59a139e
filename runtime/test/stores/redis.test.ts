import { Redis } from "ioredis";
import { afterAll, describe, expect, it } from "vitest";
import { serviceUrl } from "../../../services/client.js";
import { redis, withArguments } from "../../../services/redis.js";
import type { Running } from "../../../services/service.js";
import { canStart, startOwn } from "../../../services/start.js";
import { redisStore } from "../../src/stores/redis.js";
import type { SessionStore } from "../../src/stores/store.js";
import { fakeClock, testStore } from "../../src/testing/index.js";

const url = await serviceUrl("redis");
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
    { sweep: "Redis deletes expired keys itself", index: "later" },
  );

  it("a session that has expired by the store's clock is absent, though the server still has it", async () => {
    const clock = fakeClock();
    const store = redisStore({ url, prefix: `expired:${process.pid}:`, clock });
    const begin = () => store.write("a", Uint8Array.of(1), { expect: "absent", expiresAt: clock() + 60_000 });
    const operations: [string, () => Promise<unknown>, unknown][] = [
      ["read", () => store.read("a"), undefined],
      ["touch", () => store.touch("a", clock() + 60_000), false],
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

    it("sees a foreign value as no session, and leaves it alone", async () => {
      const key = `foreign:${process.pid}:a`;
      const store = redisStore({ client, prefix: `foreign:${process.pid}:` });
      await client.set(key, "hello", "PX", 1000);
      expect(await store.read("a")).toBeUndefined();
      expect(await store.touch("a", Date.now() + 60_000)).toBe(false);
      expect(await client.get(key)).toBe("hello");
    });
  });
});

// Needs servers of its own: with an address in REDIS_URL and nothing to start one with, the table says so.
describe.skipIf(url === "" || !canStart(redis))("a Redis that fails", () => {
  const write = { expect: "any", expiresAt: Date.now() + 60_000 } as const;
  const within = async (args: string[], body: (store: SessionStore, server: Running) => Promise<void>) => {
    const { running: server } = await startOwn(withArguments(...args));
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
    await within([], async (store, server) => {
      await store.read("a");
      server.freeze();
      try {
        await expect(store.read("a", { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
          code: "store/timeout",
        });
      } finally {
        server.thaw();
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
