import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Client, type Deploy, deploys, type Fields, formats, removeAll } from "./deploys.js";

const string = z.string();
type Item = { sku: string; count: number; price?: number };

/** What both versions know, and of each thing what only the newer one does. */
const known = { id: string, name: string };
const item = { sku: string, count: z.int() };
const policies = {
  user: { regenerate: "on-change", identity: "id" },
  cart: { merge: { union: "sku" } },
} as const;
const price = z.number().optional();
const value = {
  user: { id: "1", name: "Ada", admin: true, address: { zip: "Z", city: "C" } },
  cart: [
    { sku: "a", count: 1, price: 1.5 },
    { sku: "b", count: 2, price: 2.5 },
  ],
  lines: [
    { text: "x", count: 1, price: 1 },
    { text: "y", count: 2, price: 2 },
  ],
  tree: { a: { text: "t", count: 1, price: 3 } },
  pair: { text: "p", size: { x: 1, y: 2 }, count: 1, price: 4 },
  point: { x: 1, z: 9 },
};

interface Case {
  /** What the older version does. */
  readonly given: (session: Fields & typeof value) => void;
  /** What the newer one reads then, beside what stays. */
  readonly want: Fields;
}

const cases: readonly (readonly [string, Case])[] = [
  [
    "nothing, but it writes another field",
    { given: (session) => (session.point = { x: 2, z: 0 }), want: { point: { x: 2 } } },
  ],
  [
    "a change in place",
    {
      given: ({ user, cart }) => {
        user.name = "x";
        user.address.zip = "Y";
        (cart[1] as Item).count = 3;
      },
      want: {
        user: { ...value.user, name: "x", address: { zip: "Y", city: "C" } },
        cart: [value.cart[0], { sku: "b", count: 3, price: 2.5 }],
      },
    },
  ],
  [
    "a copy with a change",
    {
      given: (session) => (session.user = { ...session.user, name: "x" }),
      want: { user: { ...value.user, name: "x" } },
    },
  ],
  [
    "a deep copy",
    {
      given: (session) => {
        session.user = structuredClone(session.user);
        session.user.name = "x";
      },
      want: { user: { ...value.user, name: "x" } },
    },
  ],
  [
    "an object of its own, of the same user",
    {
      given: (session) => Object.assign(session, { user: { id: "1", name: "y", address: { zip: "Z" } } }),
      want: { user: { ...value.user, name: "y" } },
    },
  ],
  [
    "another user: nothing of the one before",
    {
      given: (session) => Object.assign(session, { user: { id: "2", name: "Ada", address: { zip: "Z" } } }),
      want: {
        user: { id: "2", name: "Ada", address: { zip: "Z" } },
        cart: [],
        lines: [],
        tree: {},
        pair: undefined,
        point: undefined,
      },
    },
  ],
  [
    "copies of all elements that a key tells apart",
    {
      given: (session) => (session.cart = session.cart.map((one) => ({ ...one, count: one.count + 1 }))),
      want: {
        cart: [
          { sku: "a", count: 2, price: 1.5 },
          { sku: "b", count: 3, price: 2.5 },
        ],
      },
    },
  ],
  [
    "some of them, in another order, with a new one",
    {
      given: (session) =>
        (session.cart = [{ sku: "c", count: 1, price: 0 }, ...session.cart.toReversed()].map(
          ({ sku, count }) => ({ sku, count }),
        ) as never),
      want: { cart: [{ sku: "c", count: 1 }, value.cart[1], value.cart[0]] },
    },
  ],
  [
    "copies of elements that nothing tells apart, at their places",
    {
      given: (session) => (session.lines = session.lines.map((one) => ({ ...one, count: one.count + 1 }))),
      want: {
        lines: [
          { text: "x", count: 2, price: 1 },
          { text: "y", count: 3, price: 2 },
        ],
      },
    },
  ],
  [
    "some of those, unchanged",
    {
      given: (session) =>
        (session.lines = session.lines.filter(({ text }) => text === "y").map((one) => ({ ...one }))),
      want: { lines: [value.lines[1]] },
    },
  ],
  [
    "others in their places: nothing of those before",
    {
      given: (session) => Object.assign(session, { lines: [{ text: "z", count: 7 }] }),
      want: { lines: [{ text: "z", count: 7 }] },
    },
  ],
  [
    "a copy of a record with copies in it",
    {
      given: (session) => (session.tree = { ...session.tree, a: { ...session.tree.a, count: 5 } }),
      want: { tree: { a: { text: "t", count: 5, price: 3 } } },
    },
  ],
  [
    "a part that is replaced by its copy",
    {
      given: ({ pair }) => (pair.size = { ...pair.size }),
      want: {},
    },
  ],
  [
    "a copy that is half of what it was",
    {
      given: (session) => (session.pair = { ...session.pair, text: "q" }),
      want: { pair: { ...value.pair, text: "q" } },
    },
  ],
  [
    "an object whose only member changes: it may be anything",
    {
      given: (session) => Object.assign(session, { point: { x: 5 } }),
      want: { point: { x: 5 } },
    },
  ],
];

describe("of what only a newer version knows, an older one keeps beside", () => {
  let all: readonly Deploy[] = [];
  beforeAll(async () => {
    const shape = (newer: boolean) => {
      const more = newer ? { price } : {};
      const line = z.object({ text: string, count: z.int(), ...more });
      return {
        user: z
          .object({
            ...known,
            ...(newer && { admin: z.boolean().optional() }),
            address: z.object({ zip: string, ...(newer && { city: string.optional() }) }),
          })
          .optional(),
        cart: z.array(z.object({ ...item, ...more })).default([]),
        lines: z.array(line).default([]),
        tree: z.record(string, line).default({}),
        pair: z
          .object({
            text: string,
            count: z.int(),
            ...more,
            size: z.strictObject({ x: z.int(), ...(newer && { y: z.int().optional() }) }),
          })
          .optional(),
        point: z.object({ x: z.int(), ...(newer && { z: z.int().optional() }) }).optional(),
      };
    };
    all = await deploys(
      { shape: shape(false), fields: policies },
      { shape: shape(true), fields: policies },
      // One more, that nobody's rewriting came between.
      { shape: { ...shape(true), later: string.optional() }, fields: policies },
    );
  });
  afterAll(() => removeAll(all));

  it.each(cases.flatMap(([name, one]) => formats.map((format) => [name, format, one] as const)))(
    "%s: %s",
    async (_name, format, { given, want }) => {
      const [older, newer, newest] = all as [Deploy, Deploy, Deploy];
      const client = new Client(format);
      await client.request(newer, (session) => Object.assign(session, structuredClone(value)));
      await client.request(older, (session) => given(session as never));
      const expected = Object.fromEntries(
        Object.entries({ ...value, ...want }).filter(([, one]) => one !== undefined),
      );
      expect(await client.read(newer)).toEqual(expected);
      expect(await client.read(newest)).toEqual(expected);
    },
  );
});

describe("an object with what only a newer version knows, that an older one cannot read", () => {
  let all: readonly Deploy[] = [];
  beforeAll(async () => {
    const shape = (newer: boolean) => ({
      name: string.optional(),
      user: z
        .object({
          ...(newer && { seat: z.int().optional() }),
          plan: z.enum(newer ? ["free", "pro"] : ["free"]),
        })
        .optional(),
      theme: string.optional(),
    });
    all = await deploys({ shape: shape(false) }, { shape: shape(true) });
  });
  afterAll(() => removeAll(all));

  const stored = { name: "Ada", user: { seat: 7, plan: "pro" }, theme: "dark" };

  it.each(formats)("leaves the fields beside it as they are: %s", async (format) => {
    const [older, newer] = all as [Deploy, Deploy];
    const client = new Client(format);
    await client.request(newer, (session) => Object.assign(session, structuredClone(stored)));
    await client.request(older, (session) => {
      expect([session["user"], session["name"], session["user"]]).toEqual([undefined, "Ada", undefined]);
      session["theme"] = "light";
    });
    expect(await client.read(newer)).toEqual({ ...stored, theme: "light" });
    // What stands in its place is refused, and nothing of it is saved.
    const replaced = client.request(older, (session) => {
      session["user"] = session["user"] ?? { plan: "free" };
    });
    await expect(replaced).rejects.toMatchObject({ code: "session/substitute" });
    expect(await client.read(newer)).toEqual({ ...stored, theme: "light" });
  });
});
