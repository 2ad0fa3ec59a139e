import { epochKey, identityOf, indexNotesKey, type SessionStore } from "@sessgen/runtime";
import { memoryStore } from "@sessgen/runtime/stores/memory";
import { postgresStore } from "@sessgen/runtime/stores/postgres";
import { redisStore } from "@sessgen/runtime/stores/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { postgres } from "../../../hammer/stores/postgres.js";
import { serviceUrl } from "../../../services/client.js";
import { application } from "../support/project.js";
import { Client, type Deploy, deploys, formats, removeAll } from "./deploys.js";

const urls = { redis: await serviceUrl("redis"), postgres: await serviceUrl("postgres") };

/** A store, and how it is left. */
interface Opened {
  readonly store: SessionStore;
  readonly close: () => Promise<unknown>;
}
const target = (url: string) => ({ url, folder: "", name: `deploys_${process.pid}` });
const stores: [string, () => Promise<Opened>][] = [
  ["memory", async () => ({ store: memoryStore(), close: async () => {} })],
  ...(urls.redis === ""
    ? []
    : [
        [
          "redis",
          async () => {
            const store = redisStore({ url: urls.redis, prefix: `deploys:${process.pid}:${Math.random()}:` });
            return { store, close: async () => store.close?.() };
          },
        ] as [string, () => Promise<Opened>],
      ]),
  ...(urls.postgres === ""
    ? []
    : [
        [
          "postgres",
          async () => {
            await postgres.make?.(target(urls.postgres));
            const store = postgresStore({ url: urls.postgres, table: target("").name });
            const close = async () => {
              await store.close?.();
              await postgres.drop?.(target(urls.postgres));
            };
            return { store, close };
          },
        ] as [string, () => Promise<Opened>],
      ]),
];

const label = { label: { index: true } } as const;
const plan = z.enum(["free", "paid"]);
let plain: Deploy;
let indexed: Deploy;
let wider: Deploy;
let moved: Deploy[] = [];
beforeAll(async () => {
  const visits = z.int().default(0);
  const all = await deploys(
    { shape: { label: plan.optional(), visits } },
    { shape: { label: plan.optional(), visits }, fields: label },
    { shape: { label: z.enum(["free", "paid", "gift"]).optional(), visits }, fields: label },
  );
  [plain, indexed, wider] = all as [Deploy, Deploy, Deploy];
  moved = all;
});
afterAll(() => removeAll(moved));

const set = (value: string) => (session: Record<string, unknown>) => {
  session["label"] = value;
};
const visit = (session: Record<string, unknown>) => {
  session["visits"] = Number(session["visits"]) + 1;
};

/** How many a version finds, or that it cannot say; and in which state it took the index to be. */
async function found(deploy: Deploy, store: SessionStore, value: string): Promise<[unknown, string]> {
  const sessions = deploy.sessions(store, "packed");
  let state = "final";
  sessions.on("index-not-final", (event) => {
    state = event.state;
  });
  const { count } = sessions as unknown as { count(path: string, value: string): Promise<number> };
  const counted = await count("label", value).catch((error: unknown) => Reflect.get(Object(error), "code"));
  return [counted, state];
}

/** What is found where the index is not final: by looking at all, which not every store can. */
const looked = (store: SessionStore, count: number) =>
  store.list === undefined ? "session/index-not-final" : count;

describe.each(stores)("two versions and an index on %s", (_name, open) => {
  let opened: Opened;
  const each = async (work: (store: SessionStore) => Promise<void>) => {
    opened = await open();
    try {
      await work(opened.store);
    } finally {
      await opened.close();
    }
  };

  it.each(formats)("an older version's write leaves what it cannot read in the index: %s", (format) =>
    each(async (store) => {
      const client = new Client(format, store);
      await client.request(wider, set("gift"));
      expect(await found(wider, store, "gift")).toEqual([1, "final"]);
      await client.request(indexed, visit);
      expect(await client.read(indexed)).toEqual({ visits: 1 });
      expect(await found(wider, store, "gift")).toEqual([1, "final"]);
      await client.request(indexed, set("paid"));
      expect(await found(wider, store, "gift")).toEqual([0, "final"]);
      expect(await found(wider, store, "paid")).toEqual([1, "final"]);
    }),
  );

  it("under another key it is found by looking at all", () =>
    each(async (store) => {
      const client = new Client("packed", store);
      await client.request(wider, set("gift"));
      await client.request(indexed, async (session) => {
        visit(session);
        await session.$regenerate();
      });
      expect(await found(wider, store, "gift")).toEqual([looked(store, 1), "filled"]);
    }));

  it.each([
    ["the one without the index begins first", [0, 1]],
    ["the one with it does", [1, 0]],
  ])("nothing is final where a version without the index runs: %s", (_case, order) =>
    each(async (store) => {
      const all = [plain, indexed] as const;
      const clients = [new Client("packed", store), new Client("packed", store)];
      // Each is a process of its own, and opens its session before the other one has begun.
      const sessions = await Promise.all(clients.map((client, index) => client.open(all[index] as Deploy)));
      for (const index of order) {
        const session = sessions[index];
        if (session === undefined) throw new Error("two sessions");
        set("paid")(session);
        await clients[index]?.commit(session);
      }
      const [count, state] = await found(indexed, store, "paid");
      expect(count).toBe(looked(store, 2));
      expect(state).not.toBe("final");
    }),
  );

  it("a version without the index that comes later says so before it writes", () =>
    each(async (store) => {
      const [one, other] = [new Client("packed", store), new Client("packed", store)];
      await one.request(indexed, set("paid"));
      expect(await found(indexed, store, "paid")).toEqual([1, "final"]);
      await other.request(plain, set("paid"));
      expect(await found(indexed, store, "paid")).toEqual([looked(store, 2), "filled"]);
    }));

  it("what was noted and lost is not final again while such a version runs", () =>
    each(async (store) => {
      const clients = [plain, indexed].map((deploy) => [new Client("packed", store), deploy] as const);
      for (const [client, deploy] of clients) await client.request(deploy, set("free"));
      // Everything but the sessions is gone, as where a server drops what it likes.
      const { tag } = identityOf({ application });

      for (const key of [epochKey, indexNotesKey]) await store.remove(key(tag));
      const [again, late] = [new Client("packed", store), new Client("packed", store)];
      await again.request(indexed, set("paid"));
      await late.request(plain, set("paid"));
      const [count, state] = await found(indexed, store, "paid");
      expect(count).toBe(looked(store, 2));
      expect(state).not.toBe("final");
    }));
});
