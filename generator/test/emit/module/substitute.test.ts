import {
  encryptWith,
  type Format,
  type SessionEvents,
  type SessionStore,
  type Sessions,
  type SessionsOptions,
} from "@sessgen/runtime";
import { withSession } from "@sessgen/runtime/http/fetch";
import { cookieStore } from "@sessgen/runtime/stores/cookie";
import { memoryStore } from "@sessgen/runtime/stores/memory";
import { redisStore } from "@sessgen/runtime/stores/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { type Releases, releases, type SessionOf } from "./releases.js";
import { serializerOf } from "./serializer-of.js";

/** What both releases call their fields. */
interface Fields {
  visits: number;
  cart: { sku: string; quantity?: number }[];
  log: { at: number; level?: string }[];
  user?: { id: string; name?: string } | undefined;
  theme: string;
  code?: { digits: string; tries?: number } | undefined;
  notes: { text: string; level?: string }[];
  flag?: { on: boolean; since?: number } | undefined;
}
type Session = SessionOf<Fields>;

const schemaWith = (more: Readonly<Record<keyof Fields, string>>): string =>
  `visits: z.int().default(0),
  cart: z.array(z.object({ sku: z.string()${more.cart} })).default([]),
  log: z.array(z.object({ at: z.int()${more.log} })).default([]),
  user: z.object({ id: z.string()${more.user} }).optional(),
  theme: z.enum(["light"${more.theme}]).default("light"),
  code: z.object({ digits: z.string()${more.code} }).optional(),
  notes: z.array(z.object({ text: z.string()${more.notes} })).default([]),
  flag: z.object({ on: z.boolean()${more.flag} }).optional()`;
const nothing = { visits: "", cart: "", log: "", user: "", theme: "", code: "", notes: "", flag: "" };
const policies = `{
  visits: { merge: "counter" },
  cart: { merge: { union: "sku" } },
  log: { merge: { append: 9 } },
  user: { regenerate: "on-change", identity: "id" },
  code: { ttl: "10m" },
  notes: { flash: true },
  flag: { flash: true },
}`;

let emitted: Releases<Fields>;
let sealed: Releases<Fields>;
let time = Date.UTC(2026, 0, 1);
const clock = () => time;

beforeAll(async () => {
  emitted = await releases<Fields>(
    { schema: schemaWith(nothing), fields: policies },
    {
      // Required: what the release before has written cannot be read.
      schema: schemaWith({
        ...nothing,
        cart: ", quantity: z.int()",
        log: ", level: z.string()",
        user: ", name: z.string()",
        theme: ', "sepia"',
        code: ", tries: z.int()",
        notes: ", level: z.string()",
        flag: ", since: z.int()",
      }),
      fields: policies,
    },
  );
  sealed = await releases<Fields>({
    schema: "visits: z.int().default(0), cart: z.array(z.object({ sku: z.string() })).default([])",
    fields: '{ cart: { encrypt: true, merge: { union: "sku" } } }',
    rest: ', encryption: { secrets: [env("SECRET")] }',
  });
});
afterAll(() => {
  emitted.remove();
  sealed.remove();
});

const redisUrl = await serviceUrl("redis");
const stores: [string, () => SessionStore][] = [["memory", () => memoryStore({ clock })]];
if (redisUrl !== "")
  stores.push([
    "redis",
    () => {
      // Redis ends records by its own clock.
      time = Date.now();
      return redisStore({ url: redisUrl, prefix: `substitute:${process.pid}:${time}:` });
    },
  ]);
const formats: readonly Format[] = ["packed", "msgpack", "json"];

type Substitute = SessionEvents["substitute"];

/** Two deploys on one store, and what they tell of. */
function deploys(store: SessionsOptions["store"], format: Format, options: Partial<SessionsOptions> = {}) {
  const told: Substitute[] = [];
  const open = (index: number): Sessions<Session> => {
    const release = emitted.all[index];
    if (release === undefined) throw new Error("there is no such release");
    const serializer = serializerOf(format);
    const common = { store, serializer, clock, onUnreadable: "quarantine", ...options } as const;
    const sessions = release.sessions(common);
    sessions.on("substitute", (event) => told.push(event));
    return sessions;
  };
  return { older: open(0), newer: open(1), told };
}

/** Opens, changes and commits; gives back the cookie to go on with. */
async function visit(
  sessions: Sessions<Session>,
  cookie: string | undefined,
  change: (session: Session) => unknown,
) {
  const session = await sessions.open(cookie);
  await change(session);
  const set = await session.$commit();
  return set.length === 0 ? (cookie ?? "") : set.map((one) => one.split(";")[0]).join("; ");
}

const whole = {
  cart: [{ sku: "a" }],
  log: [{ at: 1 }],
  theme: "light",
  code: { digits: "12" },
  notes: [{ text: "n" }],
  flag: { on: true },
};
const ada = { id: "ada" };

/** All that a deploy reads, without consequences. */
async function seen(sessions: Sessions<Session>, cookie: string) {
  return (await sessions.open(cookie)).toJSON();
}

const refused = expect.objectContaining({ code: "session/substitute", status: 409 });

describe.each(stores)("in %s", (_name, make) => {
  describe.each(formats)("as %s", (format) => {
    const begun = async (options: Partial<SessionsOptions> = {}) => {
      const store = make();
      const both = deploys(store, format, options);
      const cookie = await visit(both.older, undefined, (session) =>
        session.$assign({ ...whole, user: ada }),
      );
      return { ...both, store, cookie };
    };

    it("what cannot be read is carried as it is, whatever else is saved", async () => {
      const { older, newer, cookie, told, store } = await begun();
      for (const count of [1, 2])
        await visit(newer, cookie, (session) => session.$assign({ visits: session.visits + count }));
      const read = await seen(newer, cookie);
      expect(read).toEqual({ visits: 3, cart: [], log: [], theme: "light", notes: [] });
      // The code's end was carried, too.
      expect(await seen(older, cookie)).toEqual({ ...whole, user: ada, visits: 3 });
      expect(told).toEqual([]);
      await store.close();
    });

    // Each is made of what stood in the place of the older deploy's value.
    it.each<[keyof Fields, (session: Session) => unknown]>([
      ["cart", ({ cart }) => cart.push({ sku: "b", quantity: 1 })],
      ["log", ({ log }) => log.push({ at: 2, level: "info" })],
      ["cart", (session) => session.$assign({ cart: [...session.cart, { sku: "b", quantity: 1 }] })],
      ["notes", (session) => session.$flash("notes", { text: "m", level: "info" })],
      ["code", (session) => session.$assign({ code: session.code ?? { digits: "34", tries: 1 } })],
      ["user", (session) => session.$assign({ user: session.user ?? { id: "bob", name: "Bob" } })],
    ])(
      "%s is refused once, whatever the same request goes on to do, and replaced then",
      async (name, change) => {
        const { older, newer, cookie, told, store } = await begun();
        const before = await seen(older, cookie);
        const session = await newer.open(cookie);
        await change(session);
        session.visits = 7;
        await expect(session.$commit()).rejects.toEqual(refused);
        expect(told).toEqual([{ field: name, outcome: "refused", kept: true }]);
        // An error handler, or a host, that commits once more.
        session.theme = "light";
        await expect(session.$commit()).rejects.toEqual(refused);
        expect(await seen(older, cookie)).toEqual(before);
        // The retry, with another commit behind it.
        let next = await visit(newer, cookie, change);
        expect(told.at(-1)).toEqual({ field: name, outcome: "replaced", kept: true });
        next = await visit(newer, next, (again) => again.$assign({ visits: again.visits + 1 }));
        expect(told).toHaveLength(3);
        expect(Object.keys(await seen(newer, next))).toContain(name);
        await store.close();
      },
    );

    it("is refused again when others have stored another value since", async () => {
      const { older, newer, cookie, store } = await begun();
      const push = ({ cart }: Session) => cart.push({ sku: "b", quantity: 1 });
      await expect(visit(newer, cookie, push)).rejects.toEqual(refused);
      await visit(older, cookie, ({ cart }) => cart.push({ sku: "c" }));
      await expect(visit(newer, cookie, push)).rejects.toEqual(refused);
      expect((await seen(older, cookie)).cart).toEqual([{ sku: "a" }, { sku: "c" }]);
      await visit(newer, cookie, push);
      expect((await seen(newer, cookie)).cart).toEqual([{ sku: "b", quantity: 1 }]);
      await store.close();
    });

    it("is not lost to a request that read the value before it", async () => {
      const { older, newer, cookie, told, store } = await begun();
      await visit(newer, cookie, (session) => session.$reset("cart"));
      await visit(newer, cookie, ({ cart }) => cart.push({ sku: "n", quantity: 1 }));
      // The older deploy reads the newer one's items; then the newer one's theme, which it cannot read.
      const [item, theme] = [await older.open(cookie), await older.open(cookie)];
      item.cart.push({ sku: "o" });
      expect(theme.theme).toBe("light");
      await visit(newer, cookie, (session) => session.$assign({ theme: "sepia" }));
      await visit(newer, cookie, ({ cart }) => cart.push({ sku: "m", quantity: 2 }));
      await item.$commit();
      expect((await seen(older, cookie)).cart?.map(({ sku }) => sku).sort()).toEqual(["m", "n", "o"]);
      expect((await seen(newer, cookie)).theme).toBe("sepia");
      expect(told.filter(({ outcome }) => outcome === "refused")).toEqual([]);
      // A merge that cannot be made: the older deploy's item has no quantity.
      const late = await newer.open(cookie);
      late.cart.push({ sku: "late", quantity: 1 });
      await expect(late.$commit()).rejects.toEqual(refused);
      await store.close();
    });

    it("shows nothing, and takes nothing away, of a flash field", async () => {
      const { older, newer, cookie, told, store } = await begun();
      await visit(newer, cookie, (session) => expect([session.notes, session.flag]).toEqual([[], undefined]));
      await visit(newer, cookie, (session) => expect(session.$flashed("notes")).toEqual([]));
      expect(told).toEqual([]);
      await visit(older, cookie, (session) =>
        expect([session.notes, session.flag]).toEqual([whole.notes, whole.flag]),
      );
      expect(await seen(older, cookie)).not.toHaveProperty("flag");
      await store.close();
    });

    it.each<[string, (session: Session) => unknown, Partial<Fields>]>([
      ["to $reset", (session) => session.$reset("cart"), { cart: [] }],
      [
        "to $reset, and what follows",
        (session) => {
          expect(session.cart).toEqual([]);
          session.$reset("cart");
          session.cart.push({ sku: "b", quantity: 1 });
        },
        { cart: [{ sku: "b", quantity: 1 }] },
      ],
      [
        "to what was made without it",
        (session) => session.$assign({ code: { digits: "3", tries: 1 } }),
        { code: { digits: "3", tries: 1 } },
      ],
      [
        "to a removal, as by a logout",
        (session) => {
          expect(session.code).toBe(undefined);
          session.code = undefined;
        },
        {},
      ],
    ])("gives way at once %s, and is set aside", async (_what, change, want) => {
      const { newer, cookie, told, store } = await begun();
      await visit(newer, cookie, change);
      expect(told).toEqual([{ field: expect.any(String), outcome: "replaced", kept: true }]);
      expect(await seen(newer, cookie)).toMatchObject(want);
      await store.close();
    });

    it("does not keep anybody logged in", async () => {
      const { older, newer, cookie, store } = await begun();
      const next = await visit(newer, cookie, (session) => session.$assign({ user: undefined }));
      expect(await seen(older, next)).not.toHaveProperty("user");
      const other = await visit(older, undefined, (session) => session.$assign({ ...whole, user: ada }));
      await visit(newer, other, (session) => session.$clear());
      expect(await seen(older, other)).not.toHaveProperty("user");
      expect((await newer.open(other)).$isNew).toBe(true);
      await store.close();
    });

    it("goes with the user whom it was of", async () => {
      const { older, newer, cookie, told, store } = await begun();
      const next = await visit(newer, cookie, (session) =>
        session.$assign({ user: { id: "bob", name: "Bob" } }),
      );
      expect(await seen(newer, next)).toMatchObject({ user: { id: "bob" }, cart: [] });
      // Nobody knows who it was: somebody else.
      expect(await seen(older, next)).toEqual({
        visits: 0,
        cart: [],
        log: [],
        theme: "light",
        notes: [],
        user: { id: "bob" },
      });
      expect(told).toEqual([{ field: "user", outcome: "replaced", kept: true }]);
      await store.close();
    });

    it("is undone under a lock that fails, and done under the next", async () => {
      const { newer, cookie, older, store } = await begun();
      const session = await newer.open(cookie);
      const push = () => void session.cart.push({ sku: "b", quantity: 1 });
      await expect(session.$lock(push)).rejects.toEqual(refused);
      expect(session.$modified).toBe(false);
      expect((await seen(older, cookie)).cart).toEqual(whole.cart);
      await session.$lock(push);
      expect((await seen(newer, cookie)).cart).toEqual([{ sku: "b", quantity: 1 }]);
      await store.close();
    });

    it("is replaced in one request after $reload", async () => {
      const { newer, cookie, store } = await begun();
      const session = await newer.open(cookie);
      session.cart.push({ sku: "b", quantity: 1 });
      await expect(session.$commit()).rejects.toEqual(refused);
      await session.$reload();
      session.cart.push({ sku: "b", quantity: 1 });
      await session.$commit();
      expect((await seen(newer, cookie)).cart).toEqual([{ sku: "b", quantity: 1 }]);
      await store.close();
    });

    it("without a place to put it, is refused once all the same", async () => {
      const { newer, cookie, told, store } = await begun({ onUnreadable: "forget" });
      const push = ({ cart }: Session) => cart.push({ sku: "b", quantity: 1 });
      await expect(visit(newer, cookie, push)).rejects.toEqual(refused);
      await visit(newer, cookie, push);
      expect(told).toEqual([
        { field: "cart", outcome: "refused", kept: false },
        { field: "cart", outcome: "replaced", kept: false },
      ]);
      await store.close();
    });

    it("answers 409 from a host, and the next request is served", async () => {
      const { newer, older, cookie, store } = await begun();
      const post = () =>
        withSession(
          newer,
          new Request("https://shop.example/cart", { method: "POST", headers: { cookie } }),
          (session) => {
            session.cart.push({ sku: "b", quantity: 1 });
            return new Response("added");
          },
        );
      await expect(post()).rejects.toEqual(refused);
      expect((await seen(older, cookie)).cart).toEqual(whole.cart);
      expect((await post()).status).toBe(200);
      expect((await seen(newer, cookie)).cart).toEqual([{ sku: "b", quantity: 1 }]);
      await store.close();
    });
  });
});

describe.each(formats)("as %s", (format) => {
  it("what ends meanwhile is in nobody's way", async () => {
    time = Date.UTC(2026, 0, 1);
    const { older, newer, told } = deploys(memoryStore({ clock }), format);
    const cookie = await visit(older, undefined, (session) => session.$assign(whole));
    const session = await newer.open(cookie);
    expect(session.code).toBe(undefined);
    time += 10 * 60_000;
    session.code = { digits: "34", tries: 1 };
    await session.$commit();
    expect((await seen(newer, cookie)).code).toEqual({ digits: "34", tries: 1 });
    expect(told).toEqual([]);
  });

  it("in a cookie of its own, is refused once: the answer says so to the browser", async () => {
    const store = cookieStore({ secrets: ["a secret that seals, and is long enough"] });
    const { older, newer, told } = deploys(store, format);
    const cookie = await visit(older, undefined, (session) => session.$assign({ cart: whole.cart }));
    const post = (sent: string) =>
      withSession(
        newer,
        new Request("https://shop.example/cart", { method: "POST", headers: { cookie: sent } }),
        (session) => {
          session.cart.push({ sku: "b", quantity: 1 });
          return new Response("added");
        },
      );
    const answer = await post(cookie);
    expect(answer.status).toBe(409);
    const kept = answer.headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; ");
    expect((await seen(older, kept)).cart).toEqual(whole.cart);
    const again = await post(kept);
    expect(again.status).toBe(200);
    const next = again.headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; ");
    expect((await seen(newer, next)).cart).toEqual([{ sku: "b", quantity: 1 }]);
    expect(told.map(({ kept: isKept }) => isKept)).toEqual([false, false]);
  });

  it("is not replaced where it cannot be set aside", async () => {
    const inner = memoryStore({ clock });
    const { older } = deploys(inner, format);
    const cookie = await visit(older, undefined, (session) => session.$assign(whole));
    const full = Object.assign(Object.create(inner) as SessionStore, {
      write: (key: string, ...rest: [Uint8Array, never]) =>
        key.includes("quarantine-") ? Promise.reject(new Error("full")) : inner.write(key, ...rest),
    });
    const { newer } = deploys(full, format);
    for (const change of [
      ({ cart }: Session) => void cart.push({ sku: "b", quantity: 1 }),
      (session: Session) => session.$assign({ code: { digits: "3", tries: 1 } }),
    ])
      await expect(visit(newer, cookie, change)).rejects.toMatchObject({ code: "store/unavailable" });
    expect(await seen(older, cookie)).toMatchObject(whole);
  });

  it("whose secret is missing is not replaced either, and there again with it", async () => {
    const store = memoryStore({ clock });
    const [release] = sealed.all;
    if (release === undefined) throw new Error("there is no release");
    const told: Substitute[] = [];
    const open = (...secrets: string[]) => {
      const serializer = serializerOf(format);
      const sessions = release.sessions({
        store,
        serializer,
        clock,
        encryption: encryptWith({ secrets }),
        onUnreadable: "quarantine",
      });
      sessions.on("substitute", (event) => told.push(event));
      return sessions;
    };
    const [first, second] = ["the first secret, which is long enough", "the second secret, as long as that"];
    const [older, newer, both] = [open(first), open(second), open(second, first)];
    const cookie = await visit(older, undefined, (session) =>
      session.$assign({ cart: whole.cart, visits: 1 }),
    );
    const push = ({ cart }: Session) => cart.push({ sku: "b" });
    await expect(visit(newer, cookie, push)).rejects.toEqual(refused);
    // Under another id it is wrapped, and the same value still: what was told of it holds.
    const moved = await visit(newer, cookie, (session) => session.$regenerate());
    expect((await seen(both, moved)).cart).toEqual(whole.cart);
    await visit(newer, moved, push);
    expect((await seen(newer, moved)).cart).toEqual([{ sku: "b" }]);
    expect(told).toEqual([
      { field: "cart", outcome: "refused", kept: true },
      { field: "cart", outcome: "replaced", kept: true },
    ]);
  });
});
