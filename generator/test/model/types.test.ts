import { describe, expect, it } from "vitest";
import { z } from "zod";
import { regexes } from "zod/v4/core";
import { z as z3 } from "zod-3";
import type {
  Bound,
  Constant,
  EnumType,
  NumberType,
  ObjectType,
  Pattern,
  Property,
  StringFormat,
  StringType,
  Type,
} from "../../src/model/model.js";
import { checkedByFunction } from "../../src/model/patterns.js";
import { buildModel, configOf } from "./config.js";

/** Each schema is put into an object as its only field: what the model says of it. */
async function fieldOf(schema: unknown): Promise<Property> {
  const object =
    "_zod" in Object(schema)
      ? z.object({ field: schema as z.ZodType })
      : z3.object({ field: schema as z3.ZodTypeAny });
  const { model } = await buildModel(configOf(object));
  const [field] = model.fields;
  if (field === undefined) throw new Error("the model has no field");
  return field;
}

const json = (value: null | boolean | number | string): Constant => ({ kind: "json", value });
const pattern = ({ source, flags }: RegExp): Pattern => ({ source, flags });
const string = (more: Partial<StringType> = {}): StringType => ({ kind: "string", patterns: [], ...more });
const format = (name: StringFormat, expression = /never/): StringType =>
  string({ format: name, patterns: [pattern(expression)] });
const bound = <T>(value: T, exclusive = false): Bound<T> => ({ value, exclusive });
const number = (more: Partial<NumberType> = {}): NumberType => ({
  kind: "number",
  integer: false,
  finite: true,
  ...more,
});
const members = (...values: (string | number)[]): EnumType => ({
  kind: "enum",
  members: values.map((value, slot) => ({ value, slot })),
});
const object = (
  name: string,
  properties: readonly Omit<Property, "slot" | "optional">[],
  rest: ObjectType["rest"] = "strip",
): ObjectType => ({
  kind: "object",
  name,
  properties: properties.map((property, slot) => ({ optional: false, ...property, slot })),
  rest,
});
const text = string();
const point = { x: z.number(), y: z.number() };
const point3 = { x: z3.number(), y: z3.number() };
const pointProperties = [
  { name: "x", type: number() },
  { name: "y", type: number() },
];
const infinite = number({ finite: false });
const point3Properties = [
  { name: "x", type: infinite },
  { name: "y", type: infinite },
];

enum Numbered {
  Up,
  Down,
}
enum Mixed {
  Yes = "yes",
  No = 0,
}

/** `given` lists the schemas, of Zod 4 and Zod 3, that mean the same. */
type Table = readonly (readonly [string, { readonly given: readonly unknown[]; readonly want: Type }])[];

const scalars: Table = [
  ["string", { given: [z.string(), z3.string()], want: text }],
  [
    "string bounds",
    {
      given: [z.string().min(1).max(9), z3.string().min(1).max(9)],
      want: string({ minLength: 1, maxLength: 9 }),
    },
  ],
  [
    "string narrowest bounds",
    {
      given: [z.string().min(1).min(3).max(9).max(5), z3.string().min(1).min(3).max(9).max(5)],
      want: string({ minLength: 3, maxLength: 5 }),
    },
  ],
  [
    "string length",
    { given: [z.string().length(4), z3.string().length(4)], want: string({ minLength: 4, maxLength: 4 }) },
  ],
  [
    "string parts",
    {
      given: [
        z.string().includes("b").startsWith("a").endsWith("c"),
        z3.string().includes("b").startsWith("a").endsWith("c"),
      ],
      want: string({ includes: ["b"], startsWith: "a", endsWith: "c", patterns: [] }),
    },
  ],
  [
    "string part from a position on",
    {
      given: [z.string().includes("b.", { position: 2 }), z3.string().includes("b.", { position: 2 })],
      want: string({ patterns: [{ source: "^[^]{2,}b\\.", flags: "" }] }),
    },
  ],
  [
    "string pattern that fits at the beginning only",
    {
      given: [z.string().regex(/a|b/my), z3.string().regex(/a|b/my)],
      want: string({ patterns: [{ source: "(?<![^])(?:a|b)", flags: "m" }] }),
    },
  ],
  [
    "string pattern without its memory",
    {
      given: [z.string().regex(/^a/gi), z3.string().regex(/^a/gi)],
      want: string({ patterns: [{ source: "^a", flags: "i" }] }),
    },
  ],
  ["email", { given: [z.email(), z.string().email()], want: format("email", regexes.email) }],
  ["uuid", { given: [z.uuid(), z.string().uuid()], want: format("uuid", regexes.uuid()) }],
  ["uuidv7", { given: [z.uuidv7()], want: format("uuid", regexes.uuid7) }],
  ["guid", { given: [z.guid()], want: format("guid", regexes.guid) }],
  ["url of Zod 3", { given: [z3.string().url()], want: string({ format: "url" }) }],
  [
    "url of Zod 4, which gives it out trimmed",
    { given: [z.url()], want: format("url", /^\S(?:[^\t\n\r]*\S)?$/) },
  ],
  ["nanoid", { given: [z.nanoid()], want: format("nanoid", regexes.nanoid) }],
  ["cuid", { given: [z.cuid()], want: format("cuid", regexes.cuid) }],
  ["cuid2", { given: [z.cuid2()], want: format("cuid2", regexes.cuid2) }],
  ["ulid", { given: [z.ulid()], want: format("ulid", regexes.ulid) }],
  ["xid", { given: [z.xid()], want: format("xid", regexes.xid) }],
  ["ksuid", { given: [z.ksuid()], want: format("ksuid", regexes.ksuid) }],
  ["ipv4", { given: [z.ipv4()], want: format("ipv4", regexes.ipv4) }],
  ["ipv6", { given: [z.ipv6()], want: format("ipv6", checkedByFunction.ipv6) }],
  ["cidrv4", { given: [z.cidrv4()], want: format("cidrv4", regexes.cidrv4) }],
  ["cidrv6", { given: [z.cidrv6()], want: format("cidrv6", checkedByFunction.cidrv6) }],
  ["mac", { given: [z.mac()], want: format("mac", regexes.mac(":")) }],
  ["base64", { given: [z.base64()], want: format("base64", checkedByFunction.base64) }],
  ["base64url", { given: [z.base64url()], want: format("base64url", checkedByFunction.base64url) }],
  ["e164", { given: [z.e164()], want: format("e164", regexes.e164) }],
  [
    "jwt",
    {
      given: [z.jwt()],
      want: format("jwt", checkedByFunction.jwt),
    },
  ],
  ["emoji", { given: [z.emoji()], want: format("emoji", regexes.emoji()) }],
  ["hostname", { given: [z.hostname()], want: format("hostname", regexes.hostname) }],
  ["hex", { given: [z.hex()], want: format("hex", regexes.hex) }],
  ["date text", { given: [z.iso.date()], want: format("date", regexes.date) }],
  ["time text", { given: [z.iso.time()], want: format("time", regexes.time({})) }],
  ["datetime text", { given: [z.iso.datetime()], want: format("datetime", regexes.datetime({})) }],
  ["duration text", { given: [z.iso.duration()], want: format("duration", regexes.duration) }],
  [
    "template literal",
    {
      given: [z.templateLiteral(["id-", z.number(), "-", z.enum(["a", "b"])])],
      want: string({
        patterns: [pattern(z.templateLiteral(["id-", z.number(), "-", z.enum(["a", "b"])])._zod.pattern)],
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a type, not a template
        typeText: '`id-${number}-${"a" | "b"}`',
      }),
    },
  ],
  ["number of Zod 4", { given: [z.number(), z3.number().finite()], want: number() }],
  ["number of Zod 3: infinities allowed", { given: [z3.number()], want: infinite }],
  ["integer", { given: [z.int(), z.number().int(), z3.number().int()], want: number({ integer: true }) }],
  [
    "int32",
    { given: [z.int32()], want: number({ integer: true, min: bound(-(2 ** 31)), max: bound(2 ** 31 - 1) }) },
  ],
  [
    "uint32",
    { given: [z.uint32()], want: number({ integer: true, min: bound(0), max: bound(2 ** 32 - 1) }) },
  ],
  [
    "number bounds",
    {
      given: [z.number().min(1).max(9), z3.number().min(1).max(9).finite()],
      want: number({ min: bound(1), max: bound(9) }),
    },
  ],
  [
    "number bounds, exclusive",
    {
      given: [z.number().gt(1).lt(9), z3.number().gt(1).lt(9).finite()],
      want: number({ min: bound(1, true), max: bound(9, true) }),
    },
  ],
  [
    "number narrowest bounds",
    {
      given: [z.number().min(1).gt(1).max(9).lt(7), z3.number().min(1).gt(1).max(9).lt(7).finite()],
      want: number({ min: bound(1, true), max: bound(7, true) }),
    },
  ],
  [
    "positive",
    {
      given: [z.number().positive(), z3.number().positive().finite()],
      want: number({ min: bound(0, true) }),
    },
  ],
  [
    "multiples",
    {
      given: [z.number().multipleOf(2).multipleOf(3), z3.number().multipleOf(2).multipleOf(3).finite()],
      want: number({ multipleOf: [2, 3] }),
    },
  ],
  ["bigint", { given: [z.bigint(), z3.bigint()], want: { kind: "bigint" } }],
  [
    "bigint bounds",
    {
      given: [z.bigint().min(1n).lt(9n).multipleOf(2n), z3.bigint().min(1n).lt(9n).multipleOf(2n)],
      want: { kind: "bigint", min: bound("1"), max: bound("9", true), multipleOf: "2" },
    },
  ],
  [
    "bigint multiples",
    {
      given: [z.bigint().multipleOf(4n).multipleOf(6n), z3.bigint().multipleOf(4n).multipleOf(6n)],
      want: { kind: "bigint", multipleOf: "12" },
    },
  ],
  [
    "int64",
    {
      given: [z.int64()],
      want: { kind: "bigint", min: bound("-9223372036854775808"), max: bound("9223372036854775807") },
    },
  ],
  [
    "uint64",
    { given: [z.uint64()], want: { kind: "bigint", min: bound("0"), max: bound("18446744073709551615") } },
  ],
  ["boolean", { given: [z.boolean(), z3.boolean()], want: { kind: "boolean" } }],
  ["null", { given: [z.null(), z3.null()], want: { kind: "null" } }],
  ["undefined", { given: [z.undefined(), z3.undefined()], want: { kind: "undefined" } }],
  ["date", { given: [z.date(), z3.date()], want: { kind: "date" } }],
  [
    "date bounds",
    {
      given: [z.date().min(new Date(1)).max(new Date(9)), z3.date().min(new Date(1)).max(new Date(9))],
      want: { kind: "date", min: 1, max: 9 },
    },
  ],
  ["bytes", { given: [z.instanceof(Uint8Array), z3.instanceof(Uint8Array)], want: { kind: "bytes" } }],
  ["any", { given: [z.any(), z3.any()], want: { kind: "unknown", any: true } }],
  ["unknown", { given: [z.unknown(), z3.unknown()], want: { kind: "unknown", any: false } }],
  ["literal", { given: [z.literal("a"), z3.literal("a")], want: { kind: "literal", values: [json("a")] } }],
  [
    "literal null",
    { given: [z.literal(null), z3.literal(null)], want: { kind: "literal", values: [json(null)] } },
  ],
  [
    "literal bigint",
    {
      given: [z.literal(1n), z3.literal(1n)],
      want: { kind: "literal", values: [{ kind: "bigint", value: "1" }] },
    },
  ],
  [
    "literal undefined",
    {
      given: [z.literal(undefined), z3.literal(undefined)],
      want: { kind: "literal", values: [{ kind: "undefined" }] },
    },
  ],
  [
    "literals",
    {
      given: [
        z.literal(["a", 1, true]),
        z.union([z.literal("a"), z.literal(1), z.literal(true)]),
        z3.union([z3.literal("a"), z3.literal(1), z3.literal(true)]),
      ],
      want: { kind: "literal", values: [json("a"), json(1), json(true)] },
    },
  ],
  ["enum", { given: [z.enum(["a", "b"]), z3.enum(["a", "b"])], want: members("a", "b") }],
  [
    "enum of numbers",
    { given: [z.enum(Numbered), z.nativeEnum(Numbered), z3.nativeEnum(Numbered)], want: members(0, 1) },
  ],
  ["enum of both", { given: [z.enum(Mixed), z3.nativeEnum(Mixed)], want: members("yes", 0) }],
];

const composites: Table = [
  ["object", { given: [z.object(point)], want: object("Field", pointProperties) }],
  ["object of Zod 3", { given: [z3.object(point3)], want: object("Field", point3Properties) }],
  [
    "object, strict",
    {
      given: [z.strictObject(point), z.object(point).strict()],
      want: object("Field", pointProperties, "strict"),
    },
  ],
  [
    "object of Zod 3, strict",
    {
      given: [z3.object(point3).strict(), z3.strictObject(point3)],
      want: object("Field", point3Properties, "strict"),
    },
  ],
  [
    "object, loose",
    {
      given: [z.looseObject(point), z.object(point).loose()],
      want: object("Field", pointProperties, "loose"),
    },
  ],
  [
    "object of Zod 3, loose",
    { given: [z3.object(point3).passthrough()], want: object("Field", point3Properties, "loose") },
  ],
  [
    "object, catchall",
    {
      given: [z.object({}).catchall(z.boolean()), z3.object({}).catchall(z3.boolean())],
      want: object("Field", [], { catchall: { kind: "boolean" } }),
    },
  ],
  [
    "array",
    {
      given: [z.array(z.string()), z.string().array(), z3.array(z3.string())],
      want: { kind: "array", element: text },
    },
  ],
  [
    "array bounds",
    {
      given: [z.array(z.string()).min(1).max(9), z3.array(z3.string()).min(1).max(9)],
      want: { kind: "array", element: text, minLength: 1, maxLength: 9 },
    },
  ],
  [
    "array length",
    {
      given: [z.array(z.string()).length(2), z3.array(z3.string()).length(2)],
      want: { kind: "array", element: text, minLength: 2, maxLength: 2 },
    },
  ],
  [
    "array, not empty",
    {
      given: [z.array(z.string()).nonempty(), z3.array(z3.string()).nonempty()],
      want: { kind: "array", element: text, minLength: 1 },
    },
  ],
  [
    "tuple",
    {
      given: [z.tuple([z.string(), z.boolean()]), z3.tuple([z3.string(), z3.boolean()])],
      want: { kind: "tuple", items: [text, { kind: "boolean" }], required: 2 },
    },
  ],
  [
    "tuple with rest",
    {
      given: [z.tuple([z.string()], z.boolean()), z3.tuple([z3.string()]).rest(z3.boolean())],
      want: { kind: "tuple", items: [text], required: 1, rest: { kind: "boolean" } },
    },
  ],
  [
    "tuple with optional items",
    {
      given: [z.tuple([z.string(), z.boolean().optional()])],
      want: {
        kind: "tuple",
        items: [text, { kind: "optional", inner: { kind: "boolean" } }],
        required: 1,
      },
    },
  ],
  [
    "record",
    {
      given: [z.record(z.string(), z.boolean()), z3.record(z3.boolean())],
      want: { kind: "record", key: text, value: { kind: "boolean" }, partial: false },
    },
  ],
  [
    "record over an enum",
    {
      given: [z.record(z.enum(["a", "b"]), z.boolean())],
      want: { kind: "record", key: members("a", "b"), value: { kind: "boolean" }, partial: false },
    },
  ],
  [
    "record over an enum, partial",
    {
      given: [z.partialRecord(z.enum(["a", "b"]), z.boolean()), z3.record(z3.enum(["a", "b"]), z3.boolean())],
      want: { kind: "record", key: members("a", "b"), value: { kind: "boolean" }, partial: true },
    },
  ],
  [
    "map",
    {
      given: [z.map(z.string(), z.boolean()), z3.map(z3.string(), z3.boolean())],
      want: { kind: "map", key: text, value: { kind: "boolean" } },
    },
  ],
  [
    "map bounds",
    {
      given: [z.map(z.string(), z.boolean()).min(1).max(9)],
      want: { kind: "map", key: text, value: { kind: "boolean" }, minSize: 1, maxSize: 9 },
    },
  ],
  ["set", { given: [z.set(z.string()), z3.set(z3.string())], want: { kind: "set", element: text } }],
  [
    "set bounds",
    {
      given: [z.set(z.string()).min(1).max(9), z3.set(z3.string()).min(1).max(9)],
      want: { kind: "set", element: text, minSize: 1, maxSize: 9 },
    },
  ],
  [
    "union",
    {
      given: [z.union([z.string(), z.boolean()]), z3.union([z3.string(), z3.boolean()])],
      want: {
        kind: "union",
        variants: [
          { slot: 0, label: "string", type: text },
          { slot: 1, label: "boolean", type: { kind: "boolean" } },
        ],
      },
    },
  ],
  [
    "union of alike",
    {
      given: [
        z.union([z.array(z.string()), z.array(z.string())]),
        z3.union([z3.array(z3.string()), z3.array(z3.string())]),
      ],
      want: {
        kind: "union",
        variants: [
          { slot: 0, label: "array<string>", type: { kind: "array", element: text } },
          { slot: 1, label: "array<string>#2", type: { kind: "array", element: text } },
        ],
      },
    },
  ],
  ["union of one", { given: [z.union([z.string()])], want: text }],
  [
    "discriminated union",
    {
      given: [
        z.discriminatedUnion("kind", [
          z.object({ kind: z.literal("cat") }),
          z.object({ kind: z.enum(["dog", "wolf"]) }),
        ]),
        z3.discriminatedUnion("kind", [
          z3.object({ kind: z3.literal("cat") }),
          z3.object({ kind: z3.enum(["dog", "wolf"]) }),
        ]),
      ],
      want: {
        kind: "union",
        discriminator: "kind",
        variants: [
          {
            slot: 0,
            label: "cat",
            type: object("FieldCat", [{ name: "kind", type: { kind: "literal", values: [json("cat")] } }]),
          },
          {
            slot: 1,
            label: "dog|wolf",
            type: object("FieldDogWolf", [{ name: "kind", type: members("dog", "wolf") }]),
          },
        ],
      },
    },
  ],
  [
    "intersection",
    {
      given: [
        z.intersection(z.object({ a: z.string() }), z.object({ b: z.boolean() })),
        z.object({ a: z.string() }).and(z.object({ b: z.boolean() })),
        z3.intersection(z3.object({ a: z3.string() }), z3.object({ b: z3.boolean() })),
      ],
      want: object("Field", [
        { name: "a", type: text },
        { name: "b", type: { kind: "boolean" } },
      ]),
    },
  ],
  [
    "nullable",
    { given: [z.string().nullable(), z3.string().nullable()], want: { kind: "nullable", inner: text } },
  ],
  [
    "optional inside a list",
    {
      given: [z.array(z.string().optional()), z3.array(z3.string().optional())],
      want: { kind: "array", element: { kind: "optional", inner: text } },
    },
  ],
  [
    "readonly list",
    {
      given: [z.array(z.string()).readonly(), z3.array(z3.string()).readonly()],
      want: { kind: "array", element: text, readonly: true },
    },
  ],
  [
    "readonly list in a list",
    {
      given: [z.array(z.array(z.string()).readonly()), z3.array(z3.array(z3.string()).readonly())],
      want: { kind: "array", element: { kind: "array", element: text, readonly: true } },
    },
  ],
  [
    "readonly map, set, tuple, record and object",
    {
      given: [
        z.tuple([
          z.map(z.string(), z.null()).readonly(),
          z.set(z.string()).readonly().nullable(),
          z.tuple([z.string()]).readonly(),
          z.record(z.string(), z.null()).readonly(),
          z.object({}).readonly(),
          z.union([z.set(z.string()), z.string()]).readonly(),
        ]),
        z3.tuple([
          z3.map(z3.string(), z3.null()).readonly(),
          z3.set(z3.string()).readonly().nullable(),
          z3.tuple([z3.string()]).readonly(),
          z3.record(z3.string(), z3.null()).readonly(),
          z3.object({}).readonly(),
          z3.union([z3.set(z3.string()), z3.string()]).readonly(),
        ]),
      ],
      want: {
        kind: "tuple",
        items: [
          { kind: "map", key: text, value: { kind: "null" }, readonly: true },
          { kind: "nullable", inner: { kind: "set", element: text, readonly: true } },
          { kind: "tuple", items: [text], required: 1, readonly: true },
          { kind: "record", key: text, value: { kind: "null" }, partial: false, readonly: true },
          { ...object("Field4", []), readonly: true },
          {
            kind: "union",
            variants: [
              { slot: 0, label: "set<string>", type: { kind: "set", element: text, readonly: true } },
              { slot: 1, label: "string", type: text },
            ],
          },
        ],
        required: 6,
      },
    },
  ],
  [
    "record over any keys, partial",
    {
      given: [z.partialRecord(z.string(), z.boolean())],
      want: { kind: "record", key: text, value: { kind: "boolean" }, partial: true },
    },
  ],
  [
    "record over an enum and a literal",
    {
      given: [z.record(z.union([z.enum(["a", "b"]), z.literal(1)]), z.boolean())],
      want: {
        kind: "record",
        key: { kind: "literal", values: [json("a"), json("b"), json(1)] },
        value: { kind: "boolean" },
        partial: false,
      },
    },
  ],
  [
    "tuple of Zod 3, which never ends early",
    {
      given: [z3.tuple([z3.string(), z3.boolean().optional()])],
      want: { kind: "tuple", items: [text, { kind: "optional", inner: { kind: "boolean" } }], required: 2 },
    },
  ],
  [
    "tuple that may end before what is wrapped",
    {
      given: [z.tuple([z.string(), z.lazy(() => z.boolean().optional().readonly()).nullable()])],
      want: {
        kind: "tuple",
        items: [text, { kind: "optional", inner: { kind: "nullable", inner: { kind: "boolean" } } }],
        required: 1,
      },
    },
  ],
  [
    "optional and nullable, in either order",
    {
      given: [
        z.array(z.string().optional().nullable()),
        z.array(z.string().nullable().optional()),
        z3.array(z3.string().optional().nullable().optional()),
      ],
      want: { kind: "array", element: { kind: "optional", inner: { kind: "nullable", inner: text } } },
    },
  ],
  [
    "union with what has no value",
    { given: [z.union([z.string(), z.never()]), z3.union([z3.string(), z3.never()])], want: text },
  ],
  [
    "literal that is not undefined",
    {
      given: [z.literal(["a", undefined]).nonoptional()],
      want: { kind: "literal", values: [json("a")] },
    },
  ],
  [
    "pipe of two with rules",
    {
      given: [
        z.string().min(3).regex(/a/).pipe(z.string().min(2).max(5)),
        z.string().min(3).regex(/a/).default("abc").pipe(z.string().max(5)),
        z3.string().min(3).regex(/a/).pipe(z3.string().max(5)),
      ],
      want: string({ minLength: 3, maxLength: 5, patterns: [{ source: "a", flags: "" }] }),
    },
  ],
  [
    "pipe of two numbers",
    {
      given: [
        z.number().gt(1).multipleOf(2).pipe(z.int().max(9)),
        z.number().min(0).pipe(z.int().gt(1).max(9).multipleOf(2)),
      ],
      want: number({ integer: true, min: bound(1, true), max: bound(9), multipleOf: [2] }),
    },
  ],
  ["brand", { given: [z.string().brand("Id"), z3.string().brand("Id")], want: text }],
  ["lazy", { given: [z.lazy(() => z.string()), z3.lazy(() => z3.string())], want: text }],
  [
    "pipe of storable types",
    { given: [z.unknown().pipe(z.string()), z3.unknown().pipe(z3.string())], want: text },
  ],
  [
    "preprocess",
    { given: [z.preprocess(String, z.string()), z3.preprocess(String, z3.string())], want: text },
  ],
];

/** Zod 3 does not publish its patterns; that they are the right ones is seen in what the emitted checks accept. */
const formatsOfZod3: readonly (readonly [StringFormat, { readonly given: z3.ZodString }])[] = [
  ["email", { given: z3.string().email() }],
  ["uuid", { given: z3.string().uuid() }],
  ["nanoid", { given: z3.string().nanoid() }],
  ["cuid", { given: z3.string().cuid() }],
  ["cuid2", { given: z3.string().cuid2() }],
  ["ulid", { given: z3.string().ulid() }],
  ["ipv4", { given: z3.string().ip({ version: "v4" }) }],
  ["ipv6", { given: z3.string().ip({ version: "v6" }) }],
  ["cidrv4", { given: z3.string().cidr({ version: "v4" }) }],
  ["cidrv6", { given: z3.string().cidr({ version: "v6" }) }],
  ["base64", { given: z3.string().base64() }],
  ["base64url", { given: z3.string().base64url() }],
  ["jwt", { given: z3.string().jwt() }],
  ["emoji", { given: z3.string().emoji() }],
  ["date", { given: z3.string().date() }],
  ["time", { given: z3.string().time() }],
  ["datetime", { given: z3.string().datetime() }],
  ["duration", { given: z3.string().duration() }],
];

describe("types", () => {
  it.each(
    [...scalars, ...composites].flatMap(([name, { given, want }]) =>
      given.map((schema, index) => [`${name}, ${index + 1}`, { given: schema, want }] as const),
    ),
  )("%s", async (_name, { given, want }) => {
    expect((await fieldOf(given)).type).toEqual(want);
  });

  it.each(formatsOfZod3)("%s of Zod 3", async (name, { given }) => {
    const source: unknown = expect.any(String);
    expect((await fieldOf(given)).type).toEqual({
      kind: "string",
      format: name,
      patterns: [{ source, flags: expect.any(String) }],
    });
  });
});

describe("properties", () => {
  it.each<[string, { given: readonly unknown[]; want: Partial<Property> }]>([
    ["required", { given: [z.string(), z3.string()], want: { optional: false } }],
    ["optional", { given: [z.string().optional(), z3.string().optional()], want: { optional: true } }],
    [
      "nullish",
      {
        given: [z.string().nullish(), z3.string().nullish()],
        want: { optional: true, type: { kind: "nullable", inner: text } },
      },
    ],
    ["exactly optional", { given: [z.string().exactOptional()], want: { optional: true, exact: true } }],
    ["no longer optional", { given: [z.string().optional().nonoptional()], want: { optional: false } }],
    [
      "default",
      {
        given: [z.string().default("a"), z3.string().default("a"), z.string().optional().default("a")],
        want: { optional: false, default: json("a") },
      },
    ],
    [
      "default below an optional of Zod 4",
      { given: [z.string().default("a").optional()], want: { optional: true, default: json("a") } },
    ],
    [
      "default behind any wrapper",
      {
        given: [
          z.string().default("a").nullable(),
          z.lazy(() => z.string().default("a")),
          z.string().default("a").pipe(z.string()),
          z.union([z.number(), z.string().default("a")]),
          z.preprocess((value) => value, z.string().default("a")),
          z.string().optional().default("a").readonly().brand("B"),
          z3.string().default("a").nullable(),
          z3.lazy(() => z3.string().default("a")),
          z3
            .string()
            .default("a")
            .refine(() => true),
          z3.string().default("a").brand("B"),
          z3.preprocess((value) => value, z3.string().default("a")),
          z3.union([z3.number(), z3.string().default("a")]),
        ],
        want: { optional: false, default: json("a") },
      },
    ],
    [
      "optional behind any wrapper",
      {
        given: [
          z.string().optional().nullable(),
          z.lazy(() => z.string().optional()),
          z.string().optional().readonly(),
          z3.string().optional().nullable(),
          z3.lazy(() => z3.string().optional()),
          z3
            .string()
            .optional()
            .refine(() => true),
        ],
        want: { optional: true },
      },
    ],
    ["anything, in Zod 3", { given: [z3.any(), z3.unknown()], want: { optional: true } }],
    ["anything, in Zod 4", { given: [z.any(), z.unknown()], want: { optional: false } }],
    [
      "what must be absent",
      {
        given: [z.never().optional(), z3.never().optional()],
        want: { optional: true, type: { kind: "undefined" } },
      },
    ],
    [
      "default below an optional of Zod 3",
      { given: [z3.string().default("a").optional()], want: { optional: true } },
    ],
    ["prefault", { given: [z.string().prefault("a")], want: { optional: false, default: json("a") } }],
    [
      "default from a function",
      {
        given: [z.string().default(() => "a"), z3.string().default(() => "a")],
        want: { optional: false, default: json("a") },
      },
    ],
    [
      "catch",
      {
        given: [z.string().catch("a"), z3.string().catch("a")],
        want: { optional: false, default: json("a"), catch: json("a") },
      },
    ],
    [
      "catch behind another wrapper",
      {
        given: [z.number().catch(7).nullable(), z3.number().catch(7).nullable()],
        want: { optional: false, default: json(7), catch: json(7) },
      },
    ],
    [
      "default that Zod 4 does not check",
      { given: [z.email().default("")], want: { default: json(""), besides: [json("")] } },
    ],
    [
      "catch that the rules refuse",
      {
        given: [z.email().catch(""), z3.string().email().catch("")],
        want: { catch: json(""), besides: [json("")] },
      },
    ],
    [
      "catch that is an empty list",
      {
        given: [z.array(z.string()).min(1).catch([]), z3.array(z3.string()).min(1).catch([])],
        want: { besides: [{ kind: "array", items: [] }] },
      },
    ],
    [
      "default and catch",
      {
        given: [z.string().default("a").catch("b"), z3.string().default("a").catch("b")],
        want: { optional: false, default: json("a"), catch: json("b") },
      },
    ],
    [
      "description",
      {
        given: [
          z.string().describe("It."),
          z3.string().describe("It."),
          z.string().describe("It.").optional(),
          z3.string().describe("It.").default(""),
        ],
        want: { description: "It." },
      },
    ],
    [
      "default: a date",
      {
        given: [z.date().default(new Date(1)), z3.date().default(new Date(1))],
        want: { default: { kind: "date", value: 1 } },
      },
    ],
    [
      "default: a bigint",
      {
        given: [z.bigint().default(1n), z3.bigint().default(1n)],
        want: { default: { kind: "bigint", value: "1" } },
      },
    ],
    [
      "default: bytes",
      {
        given: [
          z.instanceof(Uint8Array).default(Uint8Array.of(1, 2)),
          z3.instanceof(Uint8Array).default(Uint8Array.of(1, 2)),
        ],
        want: { default: { kind: "bytes", value: [1, 2] } },
      },
    ],
    [
      "default: a list",
      {
        given: [z.array(z.string()).default(["a"]), z3.array(z3.string()).default(["a"])],
        want: { default: { kind: "array", items: [json("a")] } },
      },
    ],
    [
      "default: a set",
      {
        given: [z.set(z.string()).default(new Set(["a"])), z3.set(z3.string()).default(new Set(["a"]))],
        want: { default: { kind: "set", items: [json("a")] } },
      },
    ],
    [
      "default: a map",
      {
        given: [
          z.map(z.string(), z.null()).default(new Map([["a", null]])),
          z3.map(z3.string(), z3.null()).default(new Map([["a", null]])),
        ],
        want: { default: { kind: "map", entries: [[json("a"), json(null)]] } },
      },
    ],
    [
      "default: an object",
      {
        given: [
          z.object({ a: z.string() }).default({ a: "b" }),
          z3.object({ a: z3.string() }).default({ a: "b" }),
        ],
        want: { default: { kind: "object", entries: [["a", json("b")]] } },
      },
    ],
    [
      "default: -0",
      {
        given: [z.number().default(-0), z3.number().default(-0)],
        want: { default: { kind: "number", value: "-0" } },
      },
    ],
    [
      "default: infinity",
      {
        given: [z3.number().default(Number.POSITIVE_INFINITY)],
        want: { default: { kind: "number", value: "Infinity" } },
      },
    ],
  ])("%s", async (_name, { given, want }) => {
    for (const schema of given) expect(await fieldOf(schema)).toMatchObject(want);
  });

  it.each<[string, { given: readonly unknown[]; want: Partial<Property> }]>([
    [
      "a catch that absence never comes to",
      { given: [z.number().catch(7).optional(), z3.number().catch(7).optional()], want: { catch: json(7) } },
    ],
    [
      "a catch that gives nothing",
      { given: [z.string().optional().catch(undefined), z3.string().optional().catch(undefined)], want: {} },
    ],
    ["a default below an optional of Zod 3", { given: [z3.string().default("a").optional()], want: {} }],
  ])("of %s: nothing stands in for absence", async (_name, { given, want }) => {
    for (const schema of given) {
      const field = await fieldOf(schema);
      expect(field.optional).toBe(true);
      expect({ default: field.default, catch: field.catch }).toEqual({
        default: undefined,
        catch: undefined,
        ...want,
      });
    }
  });

  it("of a default or a catch has no optional left", async () => {
    const field = await fieldOf(z.string().exactOptional().default("a"));
    expect(field).toMatchObject({ optional: false });
    expect(field).not.toHaveProperty("exact");
  });
});
