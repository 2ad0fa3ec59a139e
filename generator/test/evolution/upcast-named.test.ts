import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { Client, type Deploy, deploys, formats, removeAll, type Version } from "./deploys.js";

const modules = {
  "steps.ts": [
    "interface Node { v: string; kids: readonly Node[] }",
    "export const toTrees = (old: Node): Node[] => [old];",
    "export const toTree = ([first]: readonly Node[]): Node => first ?? { v: '', kids: [] };",
    "export const toNames = (old: Node): string[] => [old.v, ...old.kids.flatMap(toNames)];",
    "export const ofNames = ([v = '', ...names]: readonly string[]): Node =>",
    "  ({ v, kids: names.map((one) => ({ v: one, kids: [] })) });",
    "export const toCity = ({ city }: { city: string; kind: 'home' | 'work' }): string => city;",
    "export const ofCity = (city: string) => ({ city, kind: 'home' as const });",
    "export const toText = (old: unknown): string => JSON.stringify(old);",
    "export const ofText = (text: string) => JSON.parse(text);",
  ].join("\n"),
};
const step = (from: z.ZodType, name: string, down: string) => ({
  from,
  module: "src/steps.ts",
  export: name,
  down,
});

/** A type that contains itself: another one each time. */
const node = () => {
  const one: z.ZodType = z.lazy(() => z.object({ v: z.string(), kids: z.array(one) }));
  return one;
};
const more = () => {
  const one: z.ZodType = z.lazy(() =>
    z.object({ kids: z.array(one), color: z.string().optional(), v: z.string() }),
  );
  return one;
};
const json = () => {
  const one: z.ZodType = z.lazy(() => z.union([z.string(), z.number(), z.array(one)]));
  return one;
};
const address = z.object({ city: z.string(), kind: z.enum(["home", "work"]) });
const named = address.meta({ id: "UpcastAddress" });
const other = z.int().default(0);
const tree = { v: "a", kids: [{ v: "b", kids: [] }] };
const flat = ["a", "b"];
const shared = node();

describe("a type of before that has a name, or contains itself, is read", () => {
  let all: readonly Deploy[] = [];
  afterEach(() => removeAll(all));

  it.each<[string, { given: readonly Version[]; want: readonly unknown[] }]>([
    [
      "into a list of the same type",
      {
        given: [
          { shape: { field: shared.optional(), other } },
          {
            shape: { field: z.array(shared).optional(), other },
            fields: { field: { upcast: [step(shared, "toTrees", "toTree")] } },
          },
        ],
        want: [tree, [tree]],
      },
    ],
    [
      "where it has more properties today",
      {
        given: [
          { shape: { field: node().optional(), other } },
          {
            shape: { field: z.array(more()).optional(), other },
            fields: { field: { upcast: [step(node(), "toTrees", "toTree")] } },
          },
        ],
        want: [tree, [tree]],
      },
    ],
    [
      "into one that is none",
      {
        given: [
          { shape: { field: node().optional(), other } },
          {
            shape: { field: z.array(z.string()).optional(), other },
            fields: { field: { upcast: [step(node(), "toNames", "ofNames")] } },
          },
        ],
        want: [tree, flat],
      },
    ],
    [
      "over two steps",
      {
        given: [
          { shape: { field: node().optional(), other } },
          {
            shape: { field: z.array(node()).optional(), other },
            fields: { field: { upcast: [step(node(), "toTrees", "toTree")] } },
          },
          {
            shape: { field: z.string().optional(), other },
            fields: {
              field: {
                upcast: [step(node(), "toTrees", "toTree"), step(z.array(node()), "toText", "ofText")],
              },
            },
          },
        ],
        want: [tree, [tree], JSON.stringify([tree])],
      },
    ],
    [
      "that another field has, too, and keeps",
      {
        given: [
          { shape: { field: shared.optional(), beside: shared.optional(), other } },
          {
            shape: { field: z.array(z.string()).optional(), beside: shared.optional(), other },
            fields: { field: { upcast: [step(shared, "toNames", "ofNames")] } },
          },
        ],
        want: [tree, flat],
      },
    ],
    [
      "of a union that contains itself",
      {
        given: [
          { shape: { field: json().optional(), other } },
          {
            shape: { field: z.string().optional(), other },
            fields: { field: { upcast: [step(json(), "toText", "ofText")] } },
          },
        ],
        want: [["a", [1, "b"]], '["a",[1,"b"]]'],
      },
    ],
    [
      "that was given its name by .meta()",
      {
        given: [
          { shape: { field: named.optional(), beside: named.optional(), other } },
          {
            shape: { field: z.string().optional(), beside: named.optional(), other },
            fields: { field: { upcast: [step(named, "toCity", "ofCity")] } },
          },
        ],
        want: [{ city: "Bern", kind: "home" }, "Bern"],
      },
    ],
    [
      "that had a name, and is written out",
      {
        given: [
          { shape: { field: named.optional(), other } },
          {
            shape: { field: z.string().optional(), other },
            fields: { field: { upcast: [step(address, "toCity", "ofCity")] } },
          },
        ],
        want: [{ city: "Bern", kind: "home" }, "Bern"],
      },
    ],
    [
      "of a property",
      {
        given: [
          { shape: { field: z.object({ in: node() }).optional(), other } },
          {
            shape: { field: z.object({ in: z.array(z.string()) }).optional(), other },
            fields: { "field.in": { upcast: [step(node(), "toNames", "ofNames")] } },
          },
        ],
        want: [{ in: tree }, { in: flat }],
      },
    ],
    [
      "of a list in a type that contains itself",
      {
        given: [
          {
            shape: {
              field: z.array(z.object({ id: z.string(), in: node() })).optional(),
              other,
            },
          },
          {
            shape: {
              field: z.array(z.object({ id: z.string(), in: z.array(node()) })).optional(),
              other,
            },
            fields: { "field[].in": { upcast: [step(node(), "toTrees", "toTree")] } },
          },
        ],
        want: [[{ id: "1", in: tree }], [{ id: "1", in: [tree] }]],
      },
    ],
  ])("%s", async (_name, { given, want }) => {
    all = await deploys(...given.map((version) => ({ ...version, modules })));
    for (const format of formats) {
      for (const [writer, value] of want.entries()) {
        const client = new Client(format);
        await client.request(all[writer] as Deploy, (session) => {
          session["field"] = value;
        });
        for (const [reader, expected] of [...want.entries(), ...want.entries()]) {
          const session = await client.open(all[reader] as Deploy);
          expect(session["field"], `${format}: ${writer} wrote, ${reader} reads`).toEqual(expected);
          // Written again by each, beside what it does not change.
          session["other"] = Number(session["other"]) + 1;
          await client.commit(session);
        }
        expect(client.unreadable).toEqual([]);
      }
    }
  });
});

describe("a part of a type of before that was called otherwise still earlier", () => {
  let all: readonly Deploy[] = [];
  afterEach(() => removeAll(all));
  const state = (key: string, first: string, kind: string) =>
    z.object({
      [key]: z.string(),
      in: z.object({ of: z.enum([first, "other"]) }),
      as: z.discriminatedUnion("is", [
        z.object({ is: z.literal(kind), n: z.int() }),
        z.object({ is: z.literal("rest") }),
      ]),
    });
  const value = (key: string, first: string, kind: string) => ({
    [key]: "x",
    in: { of: first },
    as: { is: kind, n: 1 },
  });

  it.each(formats)("is read: %s", async (format) => {
    const [before, after] = [
      ["a", "red", "card"],
      ["b", "blue", "cash"],
    ] as const;
    all = await deploys(
      { shape: { field: state(...before).optional(), other } },
      {
        shape: { field: state(...after).optional(), other },
        fields: {
          "field.b": { was: "a" },
          "field.in.of": { was: { values: { blue: "red" } } },
          "field.as": { was: { values: { cash: "card" } } },
        },
      },
      {
        shape: { field: z.string().optional(), other },
        fields: { field: { upcast: [step(state(...after), "toText", "ofText")] } },
        modules,
      },
    );
    const want = [value(...before), value(...after), JSON.stringify(value(...after))];
    for (const [writer, given] of want.entries()) {
      const client = new Client(format);
      await client.request(all[writer] as Deploy, (session) => {
        session["field"] = given;
      });
      for (const [reader, expected] of want.entries()) {
        const session = await client.open(all[reader] as Deploy);
        const read = session["field"];
        expect(
          typeof read === "string" ? JSON.parse(read) : read,
          `${writer} wrote, ${reader} reads`,
        ).toEqual(typeof expected === "string" ? JSON.parse(expected) : expected);
      }
      expect(client.unreadable).toEqual([]);
    }
  });
});
