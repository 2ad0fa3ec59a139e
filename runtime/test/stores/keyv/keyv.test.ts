import { Redis } from "ioredis";
import { Keyv } from "keyv";
import { describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { keyvStore } from "../../../src/stores/keyv/index.js";
import { fakeClock, testStore } from "../../../src/testing/index.js";
import { byDeadline } from "../shared/by-deadline.js";

const write = { expect: "any", expiresAt: Date.UTC(2100, 0, 1) } as const;
const index = "Keyv finds values by their key alone";

testStore(
  { describe, it },
  "keyv in memory",
  () => {
    const clock = fakeClock();
    const keyv = new Keyv();
    return {
      store: keyvStore({ keyv, clock }),
      now: clock,
      advance: clock.advance,
      another: () => keyvStore({ keyv, clock }),
    };
  },
  { index },
);

/** An adapter as `@keyv/redis` is one: text on a server that deletes what has expired, without a list of keys. */
class RedisAdapter {
  readonly opts = {};
  readonly #client: Redis;

  constructor(client: Redis) {
    this.#client = client;
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.#client.get(key)) ?? undefined;
  }

  async set(key: string, value: string, ttl: number): Promise<void> {
    await this.#client.set(key, value, "PX", ttl);
  }

  async delete(key: string): Promise<boolean> {
    return (await this.#client.del(key)) > 0;
  }

  async clear(): Promise<void> {}

  on(): this {
    return this;
  }
}

const url = await serviceUrl("redis");
let namespaces = 0;

describe.skipIf(url === "")("Redis behind Keyv", () => {
  testStore(
    { describe, it },
    "redis (keyv)",
    () => {
      namespaces += 1;
      const client = new Redis(url);
      const keyv = new Keyv({
        store: new RedisAdapter(client),
        namespace: `keyv:${process.pid}:${namespaces}`,
      });
      const store = keyvStore({ keyv });
      const close = store.close.bind(store);
      store.close = () => close().finally(() => client.disconnect());
      return {
        store,
        now: Date.now,
        advance: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds + 5)),
      };
    },
    { sweep: "the adapter cannot list its keys", index },
  );

  it("is given the time to live", async () => {
    const client = new Redis(url);
    const clock = fakeClock();
    const store = keyvStore({
      keyv: new Keyv({ store: new RedisAdapter(client) }),
      prefix: `ttl:${process.pid}:`,
      clock,
    });
    await store.write("a", Uint8Array.of(1), { expect: "any", expiresAt: clock() + 60_000 });
    const [key = ""] = await client.keys(`keyv:ttl:${process.pid}:*`);
    expect(await client.pttl(key)).toBeGreaterThan(20_000);
    expect(await client.pttl(key)).toBeLessThanOrEqual(60_000);
    await store.remove("a");
    expect(await client.exists(key)).toBe(0);
    client.disconnect();
  });
});

describe("a Keyv that fails", () => {
  it("is gone: store/unavailable, also when it would keep that to itself", async () => {
    const client = new Redis("redis://127.0.0.1:1", { maxRetriesPerRequest: 0, retryStrategy: () => null });
    client.on("error", () => {});
    const keyv = new Keyv({ store: new RedisAdapter(client) });
    expect(await keyv.get("a")).toBeUndefined();
    const store = keyvStore({ keyv });
    const gone = { code: "store/unavailable", status: 503 };
    await expect(store.read("a")).rejects.toMatchObject(gone);
    await expect(store.write("a", Uint8Array.of(1), write)).rejects.toMatchObject(gone);
    await expect(store.remove("a")).rejects.toMatchObject(gone);
    // The application's own is as it was.
    expect(keyv.throwOnErrors).toBe(false);
    client.disconnect();
  });

  it("is not to be had at first: the next operation asks again", async () => {
    let asked = 0;
    const store = keyvStore({
      keyv: async () => {
        asked += 1;
        if (asked === 1) throw new Error("not yet");
        return new Keyv();
      },
    });
    await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable" });
    expect(await store.read("a")).toBeUndefined();
    expect(await store.read("b")).toBeUndefined();
    expect(asked).toBe(2);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["its default export", async () => ({ default: new Keyv() })],
    ["that of CommonJS", async () => ({ default: { default: new Keyv() } })],
  ])("may be imported: %s", async (_name, keyv) => {
    const store = keyvStore({ keyv: keyv as () => Promise<{ default: Keyv }> });
    expect((await store.write("a", Uint8Array.of(1), write)).ok).toBe(true);
    expect(await store.read("a")).toBeDefined();
  });

  it.each([{}, { default: undefined }, { keyv: new Keyv() }, undefined])(
    "is not what a module exports: store/unavailable, case %#",
    async (module) => {
      const store = keyvStore({ keyv: async () => module as unknown as Keyv });
      await expect(store.read("a")).rejects.toMatchObject({ code: "store/unavailable" });
    },
  );

  it("is slow: store/timeout at the deadline, and what still waits is not done", async () => {
    const map = new Map<string, unknown>();
    let answer: () => void = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const adapter = {
      opts: {},
      get: async (key: string) => map.get(key),
      set: async (key: string, value: unknown) => {
        await answered;
        map.set(key, value);
      },
      delete: async (key: string) => map.delete(key),
      clear: async () => map.clear(),
      on() {},
    };
    const store = keyvStore({ keyv: new Keyv({ store: adapter }) });
    const first = store.write("a", Uint8Array.of(1), write);
    const late = byDeadline(store, 20, (deadline) => store.write("a", Uint8Array.of(2), deadline.and(write)));
    await expect(late).rejects.toMatchObject({ code: "store/timeout" });
    answer();
    expect((await first).ok).toBe(true);
    expect((await store.read("a"))?.payload).toEqual(Buffer.of(1));
  });
});

describe("a Keyv of the application's own", () => {
  it("is used as it is configured, and left open", async () => {
    const map = new Map();
    const seen: string[] = [];
    const keyv = new Keyv({
      store: map,
      namespace: "app",
      serialize: (data) => `secret ${JSON.stringify(data)}`,
      deserialize: (text) => JSON.parse(text.slice(7)),
    });
    keyv.hooks.addHandler("preSet", ({ key }) => seen.push(key));
    const store = keyvStore({ keyv, prefix: "s:" });
    await store.write("a", Uint8Array.of(1), write);
    await store.close();
    expect([...map.keys()]).toEqual([expect.stringMatching(/^app:s:[0-9a-f]{64}$/)]);
    expect([...map.values()]).toEqual([expect.stringMatching(/^secret /)]);
    expect(seen).toHaveLength(1);
    expect(await keyv.get(seen[0] ?? "")).toBeTypeOf("string");
  });

  it.each([
    ["with a namespace that the prefix begins with", { namespace: "session", prefix: "session:" }],
    ["without namespace", { namespace: "", prefix: "session:" }],
    ["with odd names", { namespace: "a:b", prefix: "'\"ä.." }],
  ])("is swept of what has expired, and of nothing foreign: %s", async (_name, { namespace, prefix }) => {
    const clock = fakeClock();
    const keyv = new Keyv({ namespace });
    const store = keyvStore({ keyv, prefix, clock });
    for (const key of ["a", "b"])
      await store.write(key, Uint8Array.of(1), { ...write, expiresAt: clock() + 50 });
    await store.write("c", Uint8Array.of(1), write);
    await keyv.set("foreign", "hello");
    await keyv.set("f".repeat(64), "hello");
    clock.advance(50);
    expect(await store.sweep?.({ limit: 1 })).toBe(1);
    expect(await store.sweep?.()).toBe(1);
    expect(await store.read("c")).toBeDefined();
    expect(await keyv.get("foreign")).toBe("hello");
  });

  it("may hold something else under the key: no session", async () => {
    const map = new Map<string, unknown>();
    const store = keyvStore({ keyv: new Keyv(map) });
    await store.write("a", Uint8Array.of(1), write);
    for (const value of ['{"value":"hello"}', '{"value":{"a":1}}', '{"value":7}']) {
      for (const key of map.keys()) map.set(key, value);
      expect(await store.read("a")).toBeUndefined();
    }
  });
});
