/** @module-tag slow */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Client, type Deploy, deploys, type Fields, formats, removeAll, type Version } from "./deploys.js";

const string = z.string();

/** A tree, whose nodes call their text by that name. */
const tree = (text: string): z.ZodType => {
  const node: z.ZodType = z.lazy(() => z.object({ [text]: string, kids: z.array(node) }));
  return node;
};
const mail = (tag: string, address: string, kind = "kind") =>
  z.object({ [kind]: z.literal(tag), [address]: string });
const phone = (kind = "kind") => z.object({ [kind]: z.literal("phone"), number: string });

interface Case {
  /** One version after the other. */
  readonly given: readonly Version[];
  /** The same session as each of them has it. */
  readonly want: readonly Fields[];
  /** Another one. */
  readonly next: readonly Fields[];
}

const cases: readonly (readonly [string, Case])[] = [
  [
    "a field",
    {
      given: [
        { shape: { user: string } },
        { shape: { account: string }, fields: { account: { was: "user" } } },
      ],
      want: [{ user: "a" }, { account: "a" }],
      next: [{ user: "b" }, { account: "b" }],
    },
  ],
  [
    "a field whose former name is another field's now",
    {
      given: [
        { shape: { user: string } },
        {
          shape: { user: z.int().default(0), account: string },
          fields: { account: { was: "user" } },
        },
      ],
      want: [{ user: "a" }, { account: "a", user: 0 }],
      next: [{ user: "b" }, { account: "b", user: 0 }],
    },
  ],
  [
    "two fields, one to the name of the other",
    {
      given: [
        { shape: { a: string, b: string } },
        { shape: { b: string, c: string }, fields: { b: { was: "a" }, c: { was: "b" } } },
      ],
      want: [
        { a: "1", b: "2" },
        { b: "1", c: "2" },
      ],
      next: [
        { a: "3", b: "4" },
        { b: "3", c: "4" },
      ],
    },
  ],
  [
    "a field twice, then with its first name again",
    {
      given: [
        { shape: { a: string } },
        { shape: { b: string }, fields: { b: { was: "a" } } },
        { shape: { c: string }, fields: { c: { was: "b" } } },
        { shape: { a: string }, fields: { a: { was: "c" } } },
      ],
      want: [{ a: "1" }, { b: "1" }, { c: "1" }, { a: "1" }],
      next: [{ a: "2" }, { b: "2" }, { c: "2" }, { a: "2" }],
    },
  ],
  [
    "a property, in a field that is renamed, too",
    {
      given: [
        { shape: { user: z.object({ id: string, name: string.optional() }) } },
        {
          shape: { account: z.object({ id: string, fullName: string.optional() }) },
          fields: { account: { was: "user" }, "account.fullName": { was: "name" } },
        },
      ],
      want: [{ user: { id: "1", name: "Ada" } }, { account: { id: "1", fullName: "Ada" } }],
      next: [{ user: { id: "2" } }, { account: { id: "2" } }],
    },
  ],
  [
    "a property of what a list holds",
    {
      given: [
        { shape: { cart: z.array(z.object({ sku: string, count: z.int() })) } },
        {
          shape: { cart: z.array(z.object({ sku: string, quantity: z.int() })) },
          fields: { "cart[].quantity": { was: "count" } },
        },
      ],
      want: [{ cart: [{ sku: "a", count: 1 }] }, { cart: [{ sku: "a", quantity: 1 }] }],
      next: [{ cart: [{ sku: "b", count: 2 }] }, { cart: [{ sku: "b", quantity: 2 }] }],
    },
  ],
  [
    "a property of a loose object in a record",
    {
      given: [
        { shape: { prefs: z.record(string, z.looseObject({ size: z.int() })) } },
        {
          shape: { prefs: z.record(string, z.looseObject({ width: z.int() })) },
          fields: { "prefs[].width": { was: "size" } },
        },
      ],
      want: [{ prefs: { a: { size: 1, b: "c" } } }, { prefs: { a: { width: 1, b: "c" } } }],
      next: [{ prefs: { d: { size: 2 } } }, { prefs: { d: { width: 2 } } }],
    },
  ],
  [
    "a property of a recursive type, whose name changes with its field's",
    {
      given: [
        { shape: { forest: tree("label") } },
        {
          shape: { tree: tree("title") },
          fields: { tree: { was: "forest" }, "tree.title": { was: "label" } },
        },
      ],
      want: [
        { forest: { label: "a", kids: [{ label: "b", kids: [] }] } },
        { tree: { title: "a", kids: [{ title: "b", kids: [] }] } },
      ],
      next: [{ forest: { label: "c", kids: [] } }, { tree: { title: "c", kids: [] } }],
    },
  ],
  [
    "a member of an enum",
    {
      given: [
        { shape: { roles: z.array(z.enum(["admin", "member"])) } },
        {
          shape: { roles: z.array(z.enum(["member", "administrator", "guest"])) },
          fields: { roles: { was: { values: { administrator: "admin" } } } },
        },
      ],
      want: [{ roles: ["admin", "member"] }, { roles: ["administrator", "member"] }],
      next: [{ roles: ["member"] }, { roles: ["member"] }],
    },
  ],
  [
    "a member of an enum, to whose name another one comes",
    {
      given: [
        { shape: { role: z.enum(["admin", "member"]).default("member") } },
        {
          shape: { role: z.enum(["admin", "member", "owner"]).default("member") },
          fields: { role: { was: { values: { owner: "admin" } } } },
        },
      ],
      want: [{ role: "admin" }, { role: "owner" }],
      next: [{ role: "member" }, { role: "member" }],
    },
  ],
  [
    "a member of an enum that a record has as keys, and the field",
    {
      given: [
        { shape: { counts: z.partialRecord(z.enum(["x", "y"]), z.int()) } },
        {
          shape: { sums: z.partialRecord(z.enum(["x", "z"]), z.int()) },
          fields: { sums: { was: { name: "counts", values: { z: "y" } } } },
        },
      ],
      want: [{ counts: { x: 1, y: 2 } }, { sums: { x: 1, z: 2 } }],
      next: [{ counts: { y: 3 } }, { sums: { z: 3 } }],
    },
  ],
  [
    "a variant of a union",
    {
      given: [
        { shape: { contact: z.discriminatedUnion("kind", [mail("email", "address"), phone()]) } },
        {
          shape: { contact: z.discriminatedUnion("kind", [phone(), mail("mail", "address")]) },
          fields: { contact: { was: { values: { mail: "email" } } } },
        },
      ],
      want: [{ contact: { kind: "email", address: "a" } }, { contact: { kind: "mail", address: "a" } }],
      next: [{ contact: { kind: "phone", number: "1" } }, { contact: { kind: "phone", number: "1" } }],
    },
  ],
  [
    "a variant with its property and the discriminator",
    {
      given: [
        { shape: { contact: z.discriminatedUnion("kind", [mail("email", "address"), phone()]) } },
        {
          shape: { contact: z.discriminatedUnion("type", [phone("type"), mail("mail", "to", "type")]) },
          fields: {
            contact: { was: { values: { mail: "email" } } },
            "contact.type": { was: "kind" },
            "contact.to": { was: "address" },
          },
        },
      ],
      want: [{ contact: { kind: "email", address: "a" } }, { contact: { type: "mail", to: "a" } }],
      next: [{ contact: { kind: "phone", number: "1" } }, { contact: { type: "phone", number: "1" } }],
    },
  ],
  [
    "a property of an object in a union that nothing tells apart",
    {
      given: [
        { shape: { one: z.union([string, z.object({ a: string, b: string })]) } },
        {
          shape: { one: z.union([z.object({ a: string, c: string }), string]) },
          fields: { "one.c": { was: "b" } },
        },
      ],
      want: [{ one: { a: "1", b: "2" } }, { one: { a: "1", c: "2" } }],
      next: [{ one: "x" }, { one: "x" }],
    },
  ],
];

describe.each(cases)("%s that is renamed", (_name, { given, want, next }) => {
  let all: readonly Deploy[] = [];
  beforeAll(async () => {
    all = await deploys(...given);
  });
  afterAll(() => removeAll(all));

  it.each(formats)("is read and written by every version as what it calls it: %s", async (format) => {
    for (const writer of all.keys()) {
      const client = new Client(format);
      await client.request(all[writer] as Deploy, (session) => Object.assign(session, want[writer]));
      for (const [reader, deploy] of all.entries()) expect(await client.read(deploy)).toEqual(want[reader]);
      // The other way about, what is there is replaced.
      const other = all.length - 1 - writer;
      await client.request(all[other] as Deploy, (session) => Object.assign(session, next[other]));
      for (const [reader, deploy] of all.entries()) expect(await client.read(deploy)).toEqual(next[reader]);
      expect(client.unreadable).toEqual([]);
    }
  });
});

describe("two versions at once", () => {
  let all: readonly Deploy[] = [];
  beforeAll(async () => {
    const item = (name: string) => z.array(z.object({ sku: string, [name]: z.int() })).default([]);
    all = await deploys(
      {
        shape: { visits: z.int().default(0), cart: item("count") },
        fields: { visits: { merge: "counter" }, cart: { merge: { union: "sku" } } },
      },
      {
        shape: { views: z.int().default(0), basket: item("quantity") },
        fields: {
          views: { was: "visits", merge: "counter" },
          basket: { was: "cart", merge: { union: "sku" } },
          "basket[].quantity": { was: "count" },
        },
      },
    );
  });
  afterAll(() => removeAll(all));

  it.each(formats.flatMap((format) => [[format, 0] as const, [format, 1] as const]))(
    "merge what they call otherwise: %s, %i first",
    async (format, first) => {
      const client = new Client(format);
      const [older, newer] = all as [Deploy, Deploy];
      await client.request(older, (session) =>
        Object.assign(session, { visits: 5, cart: [{ sku: "a", count: 1 }] }),
      );
      const one = await client.open(older);
      const other = await client.open(newer);
      Object.assign(one, { visits: Number(one["visits"]) + 1 });
      (one["cart"] as unknown[]).push({ sku: "b", count: 2 });
      Object.assign(other, { views: Number(other["views"]) + 10 });
      (other["basket"] as unknown[]).push({ sku: "c", quantity: 3 });
      for (const session of first === 0 ? [one, other] : [other, one]) await client.commit(session);
      const { views, basket } = (await client.read(newer)) as { views: number; basket: { sku: string }[] };
      expect(views).toBe(16);
      expect(basket.map(({ sku }) => sku).sort()).toEqual(["a", "b", "c"]);
      expect(await client.read(older)).toMatchObject({ visits: 16, cart: { length: 3 } });
    },
  );
});

describe("a former name that nothing ever had", () => {
  const user = z.object({ id: string, role: z.enum(["admin", "member"]) });
  const before: Version = { shape: { user: user.optional(), visits: z.int().default(0) } };
  const after = (shape: Version["shape"], fields: NonNullable<Version["fields"]>): Version[] => [
    before,
    { shape, fields },
  ];
  const chief = z.object({ id: string, role: z.enum(["chief", "member"]) }).optional();

  it.each<[string, { given: Version[]; want: string }]>([
    [
      "of a field",
      {
        given: after({ user: user.optional(), views: z.int().default(0) }, { views: { was: "visit" } }),
        want: "views was never called visit",
      },
    ],
    [
      "of a property",
      {
        given: after(
          { user: z.object({ key: string, role: z.enum(["admin", "member"]) }).optional() },
          { "user.key": { was: "ident" } },
        ),
        want: "user.key was never called user.ident",
      },
    ],
    [
      "of a member",
      {
        given: after({ user: chief }, { "user.role": { was: { values: { chief: "boss" } } } }),
        want: 'user.role="chief" was never called user.role="boss"',
      },
    ],
  ])("is refused: %s", async (_name, { given, want }) => {
    await expect(deploys(...given)).rejects.toMatchObject({
      code: "lock/unknown-was",
      message: expect.stringContaining(want),
    });
  });

  it("is let through where all of it begins, or the renaming is done", async () => {
    const views = { shape: { views: z.int().default(0) }, fields: { views: { was: "visits" } } };
    const all = await deploys(views);
    const again = await deploys(before, views, views);
    await removeAll([...all, ...again]);
  });
});
