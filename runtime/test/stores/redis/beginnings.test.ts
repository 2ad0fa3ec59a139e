import { Redis } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { redisDrivers } from "../../../src/stores/redis/client.js";
import { type RedisStoreOptions, redisStore } from "../../../src/stores/redis/index.js";
import type { SessionStore } from "../../../src/stores/store.js";

const [url, node] = [await serviceUrl("redis"), await serviceUrl("redis-cluster")];
let prefixes = 0;
const index = { user_id: "u" } as const;
const expiresAt = Date.now() + 600_000;

function storeOf(options: RedisStoreOptions): SessionStore {
  prefixes += 1;
  const store = redisStore({ prefix: `beginnings:${process.pid}:${prefixes}:`, ...options });
  onTestFinished(() => store.close());
  return store;
}

const add = (store: SessionStore, key: string, payload: Uint8Array = Uint8Array.of(1), ends = expiresAt) =>
  store.write(key, payload, { expect: "any", expiresAt: ends, index });

/** The keys that are given, and how many bytes of them. */
async function beginnings(
  store: SessionStore,
  onPage: (keys: readonly string[]) => Promise<unknown> = async () => {},
) {
  const all: [key: string, beginning: Uint8Array][] = [];
  for await (const page of store.findBeginnings?.("user_id", "u", { application: "", bytes: 64 }) ?? []) {
    all.push(...page.map(({ key, beginning }): [string, Uint8Array] => [key, beginning.slice(0, 64)]));
    await onPage(page.map(({ key }) => key));
  }
  return all;
}

const keys = Array.from({ length: 1100 }, (_, number) => `k${number}`);
const payloadOf = (key: string, length: number): Uint8Array =>
  new Uint8Array(length).fill(Number(key.slice(1)) % 251);

const places = [
  ...redisDrivers.map((driver) => [`one server, through ${driver}`, url, { url, driver }] as const),
  ...redisDrivers.map((driver) => [`a cluster, through ${driver}`, node, { nodes: [node], driver }] as const),
].filter(([, address]) => address !== "");

describe.each(places)("beginnings on %s", (_name, _address, options) => {
  it.each([
    ["short sessions", { length: 100, comes: false }],
    ["long sessions", { length: 3000, comes: false }],
    ["sessions among which others come", { length: 100, comes: true }],
  ])("of %s are given page by page, each once, beside traffic", async (_what, { length, comes }) => {
    const store = storeOf(options);
    await Promise.all(keys.map((key) => add(store, key, payloadOf(key, length))));
    let pages = 0;
    const all = await beginnings(store, async ([first = ""]) => {
      pages += 1;
      if (first !== "") await store.touch(first, expiresAt + 5000, { index });
      // In front of all others, so that each is where it was though one has moved behind them.
      if (comes) await add(store, `new${pages}`, Uint8Array.of(1), expiresAt - 60_000);
    });
    expect(pages).toBeGreaterThan(2);
    const found = all.filter(([key]) => !key.startsWith("new"));
    expect(found.map(([key]) => key).sort()).toEqual([...keys].sort());
    expect(found.filter(([key, bytes]) => !Buffer.from(bytes).equals(payloadOf(key, 64)))).toEqual([]);
  });
});

describe.skipIf(url === "")("a count of sessions", () => {
  it("of few is one round trip; whole short ones are read, and of long ones the beginnings", async () => {
    const asked = async (count: number, length: number) => {
      const client = new Redis(url);
      onTestFinished(() => client.disconnect());
      const store = storeOf({ client });
      await Promise.all(keys.slice(0, count).map((key) => add(store, key, payloadOf(key, length))));
      // The server has others to serve meanwhile.
      const sent: Record<string, number> = {};
      const { sendCommand } = client;
      client.sendCommand = (command, stream) => {
        sent[command.name] = (sent[command.name] ?? 0) + 1;
        return Reflect.apply(sendCommand, client, [command, stream]);
      };
      await beginnings(store);
      return sent;
    };
    // A server that has never seen the scripts.
    for (const [count, length] of [
      [10, 100],
      [150, 100],
      [150, 3000],
    ] as const)
      await asked(count, length);
    expect(await asked(10, 100)).toEqual({ evalsha: 1 });
    expect(await asked(150, 100)).toEqual({ evalsha: 1, zrange: 1, mget: 1 });
    expect(await asked(150, 3000)).toEqual({ evalsha: 2, zrange: 1 });
  });

  it("has one that goes on under another key before it is read", async () => {
    const client = new Redis(url);
    onTestFinished(() => client.disconnect());
    const store = storeOf({ client });
    const some = keys.slice(0, 150);
    for (const key of some) await add(store, key);
    // Between the keys of the last page and their records.
    const { mgetBuffer } = client;
    let moved: string | undefined;
    client.mgetBuffer = async (...args: unknown[]) => {
      const [name] = args as string[];
      if (moved === undefined && name !== undefined) {
        moved = name.slice(name.lastIndexOf(":") + 1);
        await store.remove(moved);
        await store.write("moved", Uint8Array.of(1), {
          expect: "absent",
          expiresAt: expiresAt + 5000,
          index,
        });
      }
      return Reflect.apply(mgetBuffer, client, args);
    };
    const found = (await beginnings(store)).map(([key]) => key);
    expect(moved).toBeDefined();
    expect(found.sort()).toEqual([...some.filter((key) => key !== moved), "moved"].sort());
  });
});
