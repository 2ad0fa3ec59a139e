import { z } from "zod";
import { z as z3 } from "zod-3";

/** What is stored of a value comes back; what is refused is refused by Zod, too, or says why not. */
export interface Case {
  readonly schema: z.ZodType | z3.ZodTypeAny;
  readonly kept: readonly unknown[];
  readonly refused: readonly unknown[];
  /** Refused although Zod takes it. */
  readonly stricter?: readonly unknown[];
  /** Kept although Zod refuses it. */
  readonly looser?: readonly unknown[];
}

const record = { a: 1 };
class Point {
  readonly x = 1;
}
interface Chain {
  next: Chain | null;
}
const Link: z.ZodType<Chain | null> = z.lazy(() => z.object({ next: Link }).nullable());
type Lists = Lists[];
const Lists: z.ZodType<Lists> = z.array(z.lazy(() => Lists));
type Maps = Map<string, Maps>;
const Maps: z.ZodType<Maps> = z.map(
  z.string(),
  z.lazy(() => Maps),
);
type Folder = { [name: string]: Folder };
const Folder: z3.ZodType<Folder> = z3.record(z3.lazy(() => Folder));
const wide = Object.fromEntries(
  Array.from({ length: 130 }, (_, index) => [`p${index}`, index % 3 === 0 ? z.int() : z.string().optional()]),
);
const wideValue = Object.fromEntries(
  Array.from({ length: 130 }, (_, index) => [`p${index}`, index % 3 === 0 ? index : "x"]),
);
const { p1: _p1, p128: _p128, ...gappy } = wideValue;

export const kindCases: Readonly<Record<string, Case>> = {
  twoRecords: {
    schema: z.object({
      o: z.object({ a: z.record(z.string(), z.number()), b: z.record(z.string(), z.number()) }),
    }),
    kept: [{ o: { a: record, b: { ...record, b: 2 } } }],
    refused: [{ o: { a: { a: "1" }, b: {} } }],
  },
  nullOrObject: {
    schema: z.union([z.literal(null), z.object({ a: z.string() })]),
    kept: [null, { a: "x" }],
    refused: [undefined, {}, "x"],
  },
  recursiveNullable: {
    schema: Link,
    kept: [null, { next: null }, { next: { next: null } }],
    refused: [{}, 1, { next: 1 }],
  },
  // Types with a name that are no objects, as members.
  recursiveList: {
    schema: z.object({ lists: Lists, more: Lists.optional(), either: z.union([Lists, z.string()]) }),
    kept: [
      { lists: [[], [[]]], more: [[]], either: "x" },
      { lists: [], either: [[]] },
    ],
    refused: [{ lists: [1], either: "" }, { lists: [] }],
  },
  recursiveMap: {
    schema: z.object({ maps: Maps }),
    kept: [{ maps: new Map([["a", new Map()]]) }],
    refused: [{ maps: new Map([["a", 1]]) }, { maps: {} }],
  },
  defaultOrNothing: {
    schema: z.string().default("a").optional(),
    kept: ["b"],
    refused: [1, null],
  },
  // To the compiler, they are both texts.
  eitherFormat: {
    schema: z.union([z.ipv4(), z.ipv6()]),
    kept: ["1.2.3.4", "::1"],
    refused: ["x", 1],
  },
  eitherFormatOrDate: {
    schema: z.union([z.ipv4(), z.date(), z.ipv6()]),
    kept: ["1.2.3.4", "::1", new Date(5)],
    refused: ["x", 1],
  },
  exactly: { schema: z.string().length(2), kept: ["ab", "😀a"], refused: ["a", "abc", 1] },
  // What is laid out otherwise where there is no room.
  tupleOfMuch: {
    schema: z.tuple([
      z.record(z.string(), z.record(z.string(), z.number())),
      z.object({ name: z.string(), until: z.date(), kept: z.boolean() }),
    ]),
    kept: [[{ a: { b: 1 } }, { name: "x", until: new Date(5), kept: true }]],
    refused: [[{ a: { b: "1" } }, { name: "x", until: new Date(5), kept: true }], [{}]],
  },
  longDefault: {
    schema: z.object({
      greeting: z.string().default("Welcome back! What you had in your cart is still there, and so are we."),
    }),
    kept: [{ greeting: "Hello" }],
    refused: [{ greeting: 1 }, "Hello"],
    // What has a default may be absent in what is stored, not in what is assigned.
    stricter: [{}],
  },
  text10: { schema: z.object({ a: z.string().max(1) }), kept: [{ a: "x" }], refused: [{ a: "xy" }] },
  text2: { schema: z.object({ a: z.string().min(1) }), kept: [{ a: "x" }], refused: [{ a: "" }] },
  textOrNothing: {
    schema: z.union([z.string().min(2).nullish(), z.number().min(1).max(3)]),
    kept: ["ab", null, 2],
    refused: ["a", 0, 4, true],
  },
  textOrMaybeDate: {
    schema: z.union([z.string(), z.date().nullable()]),
    kept: ["x", null, new Date(5), "2020-01-01T00:00:00.000Z"],
    refused: [1, undefined, new Date(Number.NaN)],
  },
  inheritedNames: {
    schema: z.object({ a: z.string(), toString: z.string().optional(), constructor: z.number().optional() }),
    kept: [{ a: "x", toString: "y", constructor: 1 }],
    refused: [{ a: "x", toString: 1, constructor: 1 }],
    // Zod takes what every object inherits for a member.
    looser: [{ a: "x" }, { a: "x", constructor: 1 }],
  },
  setNotation: {
    // biome-ignore lint/complexity/useRegexLiterals: the tests are compiled for an older ECMAScript.
    schema: z.string().regex(new RegExp("^[\\p{L}--[a-z]]+$", "v")),
    kept: ["ABC"],
    refused: ["abc", 1],
  },
  caughtAbsence: {
    schema: z.string().optional().catch(undefined),
    kept: ["a", ""],
    refused: [],
    // What Zod would make `undefined` of.
    stricter: [1, null],
  },
  buffer: {
    schema: z.instanceof(Buffer).refine(() => true),
    kept: [Buffer.from([1, 2, 255]), Buffer.alloc(0)],
    refused: [Uint8Array.of(1), [1], "a"],
  },
  gapsInRecord: {
    schema: z.record(z.enum(["a", "b"]), z.number().optional()),
    kept: [
      { a: 1, b: undefined },
      { a: 1, b: 2 },
    ],
    refused: [{ a: 1, c: 2 }, { a: "1" }],
  },
  negativeZeroBesideUndefined: {
    schema: z.array(z.union([z.date().optional(), z.number()])),
    kept: [[-0, undefined, new Date(5), 1]],
    refused: [["a"]],
  },
  negativeZero: {
    schema: z.union([z.string(), z.number(), z.object({ x: z.number() })]),
    kept: [-0, 0, "-0", { x: -0 }],
    refused: [null],
  },
  json: { schema: z.json(), kept: [[-0, { a: [-0] }], "-0", null], refused: [undefined, 1n] },
  literalZero: {
    schema: z.union([z.literal([0, "x"]), z.boolean()]),
    kept: [0, "x", true],
    refused: [1, "y"],
  },
  noPromise: {
    schema: z.object({ a: z.string().optional() }),
    kept: [{}, { a: "x" }],
    refused: ["x"],
    stricter: [Promise.resolve({})],
  },
  noInstance: {
    schema: z.record(z.string(), z.unknown()),
    kept: [{}, { x: 1 }],
    refused: [new Point(), Promise.resolve({}), new URL("http://a")],
  },
  numberKeys: {
    schema: z.record(z.literal([1, 2]), z.string()),
    kept: [{ 1: "a", 2: "b" }],
    refused: [{ 1: "a" }, { 1: "a", 2: "b", 3: "c" }],
  },
  unionKeys: {
    schema: z.record(z.union([z.enum(["a"]), z.literal("b")]), z.number()),
    kept: [{ a: 1, b: 2 }],
    refused: [{ a: 1 }, { a: 1, b: 2, c: 3 }],
  },
  mixedEnumKeys: {
    schema: z.record(z.enum({ A: "a", B: 2 }), z.number()),
    kept: [{ a: 1, 2: 2 }],
    refused: [{ a: 1 }, { a: 1, 3: 1 }],
  },
  smallSteps: { schema: z.number().multipleOf(1e-7), kept: [0, 1e-7, 0.3], refused: [1e-8, 0.5e-7] },
  wide: { schema: z.object(wide), kept: [wideValue, gappy], refused: [{}, { ...wideValue, p0: "x" }] },
  manyValues: { schema: z.enum(["a", "b", "c", "d", "e", "f"]), kept: ["a", "f"], refused: ["g", 1] },
  tagged: {
    schema: z.discriminatedUnion("t", [
      z.object({ t: z.literal(["a", 1]) }),
      z.looseObject({ t: z.literal(true) }),
    ]),
    kept: [{ t: "a" }, { t: 1 }, { t: true, more: [1n] }],
    refused: [{ t: "b" }, { t: false }, {}, "a"],
  },
  lists: {
    schema: z.union([z.array(z.string()), z.array(z.number())]),
    kept: [["a"], [1], []],
    refused: [["a", 1], [true]],
  },
  tuple: {
    schema: z.tuple([z.string(), z.number().optional()]).rest(z.boolean()),
    kept: [["a"], ["a", undefined], ["a", 1, true]],
    refused: [[], ["a", 1, 2]],
  },
};
export const kindCases3: Readonly<Record<string, Case>> = {
  smallSteps: { schema: z3.number().multipleOf(0.01), kept: [0, 0.07, 1.1], refused: [0.001] },
  tinySteps: { schema: z3.number().multipleOf(1e-7), kept: [], refused: [1, 1e-7, 0.3] },
  recursiveRecord: {
    schema: z3.object({ folder: Folder }),
    kept: [{ folder: { a: { b: {} }, c: {} } }],
    refused: [{ folder: { a: 1 } }, {}],
  },
  exactly: { schema: z3.string().length(2), kept: ["ab", "😀"], refused: ["a", "😀a"] },
  infinities: {
    schema: z3.union([z3.string(), z3.number()]),
    kept: [Number.POSITIVE_INFINITY, "Infinity", -0],
    refused: [Number.NaN],
  },
};
