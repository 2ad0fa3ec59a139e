import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod-3";
import type { ResolvedConfig } from "../../src/config/resolved.js";
import type { GeneratorErrorCode } from "../../src/errors.js";
import { SessgenError, SessgenErrors } from "../../src/errors.js";
import type { FieldPolicy } from "../../src/model/policies/policies.js";
import { buildModel, configOf } from "./config.js";

/** What is said about a schema that is refused: `code path`, all of it. */
async function refusal(schema: unknown, more: Partial<ResolvedConfig> = {}): Promise<string[]> {
  try {
    await buildModel(configOf(schema, more));
  } catch (error) {
    const errors: unknown[] = error instanceof SessgenErrors ? error.errors : [error];
    return errors.map((one) => {
      if (!(one instanceof SessgenError)) throw one;
      expect(one.exitCode).toBe(3);
      expect(one.envelope.where?.file).toBe("/app/session.config.ts");
      expect(one.envelope.fix).not.toBe("");
      return `${one.code} ${one.envelope.where?.path}`;
    });
  }
  return [];
}

async function namesOf(schema: unknown): Promise<string[]> {
  const { model } = await buildModel(configOf(schema));
  return model.fields.map(({ name }) => name);
}

class Point {
  x = 0;
}
const symbol = Symbol("s");

describe("a type that cannot be stored", () => {
  const types: readonly (readonly [string, { given: readonly unknown[] }])[] = [
    ["function", { given: [z.function(), z3.function()] }],
    ["promise", { given: [z.promise(z.string()), z3.promise(z3.string())] }],
    ["symbol", { given: [z.symbol(), z3.symbol()] }],
    ["never", { given: [z.never(), z3.never()] }],
    ["void", { given: [z.void(), z3.void()] }],
    ["NaN", { given: [z.nan(), z3.nan()] }],
    ["file", { given: [z.file()] }],
    ["one-way transform", { given: [z.string().transform(Number), z3.string().transform(Number)] }],
    ["bare transform", { given: [z.transform(Number)] }],
    ["codec", { given: [z.codec(z.string(), z.number(), { decode: Number, encode: String })] }],
    ["stringbool", { given: [z.stringbool()] }],
    ["instance of a class", { given: [z.instanceof(Point), z3.instanceof(Point)] }],
    ["instance of Map", { given: [z.instanceof(Map), z3.instanceof(Map)] }],
    ["custom", { given: [z.custom<string>(() => true), z3.custom<string>(() => true)] }],
    ["custom without a check", { given: [z.custom<string>()] }],
    ["literal symbol", { given: [z3.literal(symbol)] }],
    ["literal that Zod 3 takes no value for", { given: [z3.literal(Number.NaN)] }],
    [
      "intersection of scalars",
      { given: [z.intersection(z.string(), z.string()), z3.intersection(z3.string(), z3.string())] },
    ],
    [
      "intersection in which a catchall meets the other side",
      {
        given: [
          z.intersection(z.object({ a: z.string() }).catchall(z.string()), z.object({ b: z.string() })),
          z.intersection(z.object({}).catchall(z.string()), z.object({}).catchall(z.number())),
          z3.intersection(z3.object({}).catchall(z3.string()), z3.object({ b: z3.string() })),
        ],
      },
    ],
    [
      "intersection of Zod 3 with a strict side",
      { given: [z3.intersection(z3.object({ a: z3.string() }).strict(), z3.object({ b: z3.string() }))] },
    ],
    ["record that lets other keys pass", { given: [z.looseRecord(z.string().regex(/^a/), z.string())] }],
  ];

  it.each(
    types.flatMap(([name, { given }]) =>
      given.map((schema, index) => [`${name}, ${index + 1}`, { given: schema }] as const),
    ),
  )("%s: is refused with its path, three levels down", async (_name, { given }) => {
    const schema =
      "_zod" in Object(given)
        ? z.object({ a: z.object({ b: z.array(z.object({ c: given as z.ZodType })) }) })
        : z3.object({ a: z3.object({ b: z3.array(z3.object({ c: given as z3.ZodTypeAny })) }) });
    expect(await refusal(schema)).toEqual(["model/unsupported-type schema.a.b[].c"]);
  });

  it("is called by its own name where there is a way out", async () => {
    await expect(buildModel(configOf(z.object({ on: z.stringbool() })))).rejects.toMatchObject({
      errors: [
        {
          envelope: {
            summary: "on is z.stringbool(), which cannot be stored",
            fix: expect.stringContaining("Use z.boolean()"),
          },
        },
      ],
    });
  });

  it.each([
    ["a list", { given: z.array(z.symbol()), want: "schema.f[]" }],
    ["a tuple", { given: z.tuple([z.string(), z.symbol()]), want: "schema.f.1" }],
    ["a record", { given: z.record(z.string(), z.symbol()), want: "schema.f.value" }],
    ["a map's keys", { given: z.map(z.symbol(), z.string()), want: "schema.f.key" }],
    ["a set", { given: z.set(z.symbol()), want: "schema.f[]" }],
    ["a union", { given: z.union([z.string(), z.symbol()]), want: "schema.f.2" }],
    ["what is optional", { given: z.symbol().optional(), want: "schema.f" }],
    ["what has a default", { given: z.symbol().nullable().default(null), want: "schema.f" }],
    ["a catchall", { given: z.object({}).catchall(z.symbol()), want: "schema.f.value" }],
  ] as const)("inside of %s", async (_name, { given, want }) => {
    expect(await refusal(z.object({ f: given }))).toEqual([`model/unsupported-type ${want}`]);
  });

  it("is reported together with all others", async () => {
    const schema = z.object({ a: z.symbol(), b: z.object({ c: z.promise(z.string()) }), toJSON: z.string() });
    expect(await refusal(schema)).toEqual([
      "model/unsupported-type schema.a",
      "model/unsupported-type schema.b.c",
      "model/reserved-name schema.toJSON",
    ]);
  });
});

describe("the schema as a whole", () => {
  it.each<[string, { given: unknown; want: GeneratorErrorCode }]>([
    ["a string", { given: "z.object()", want: "model/not-a-schema" }],
    ["nothing", { given: undefined, want: "model/not-a-schema" }],
    ["a shape", { given: { a: z.string() }, want: "model/not-a-schema" }],
    ["a list", { given: z.array(z.string()), want: "model/not-an-object" }],
    ["a list of Zod 3", { given: z3.array(z3.string()), want: "model/not-an-object" }],
    ["an object that may be absent", { given: z.object({}).optional(), want: "model/not-an-object" }],
    ["a record", { given: z.record(z.string(), z.string()), want: "model/not-an-object" }],
    [
      "a union of objects",
      { given: z.union([z.object({}), z.object({ a: z.null() })]), want: "model/not-an-object" },
    ],
  ])("%s is refused", async (_name, { given, want }) => {
    expect(await refusal(given)).toEqual([`${want} schema`]);
  });

  it.each<[string, { given: unknown }]>([
    ["readonly", { given: z.object({ a: z.string() }).readonly() }],
    ["branded", { given: z.object({ a: z.string() }).brand("S") }],
    ["lazy", { given: z.lazy(() => z.object({ a: z.string() })) }],
    ["refined by Zod 3", { given: z3.object({ a: z3.string() }).refine(() => true) }],
    ["extended", { given: z.object({}).extend({ a: z.string() }) }],
    ["picked", { given: z.object({ a: z.string(), b: z.string() }).pick({ a: true }) }],
  ])("an object that is %s is an object", async (_name, { given }) => {
    expect(await namesOf(given)).toEqual(["a"]);
  });

  it("may be empty", async () => {
    expect(await namesOf(z.object({}))).toEqual([]);
    expect(await namesOf(z3.object({}))).toEqual([]);
  });
});

describe("names", () => {
  const shapeOf = (names: readonly string[]): Record<string, z.ZodType> =>
    Object.fromEntries(names.map((name) => [name, z.string()]));
  const shape3Of = (names: readonly string[]): Record<string, z3.ZodTypeAny> =>
    Object.fromEntries(names.map((name) => [name, z3.string()]));

  it.each([
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "toString",
    "valueOf",
    "__defineGetter__",
    "toJSON",
    "_permanent",
    "$id",
    "$x",
    "$",
    "",
  ])("%j is refused", async (name) => {
    expect(await refusal(z.object(shapeOf([name])))).toEqual([`model/reserved-name schema.${name}`]);
    expect(await refusal(z3.object(shape3Of([name])))).toEqual([`model/reserved-name schema.${name}`]);
  });

  it.each([
    "id",
    "save",
    "destroy",
    "class",
    "default",
    "await",
    "prototype",
    "then",
    "length",
    "name",
    "größe",
    "名前",
    "😀",
    "a-b",
    "a b",
    "a.b",
    "1st",
    "it's",
    'say "hi"',
    "line\nbreak",
    "*/",
  ])("%j is a name", async (name) => {
    expect(await namesOf(z.object(shapeOf([name])))).toEqual([name]);
    expect(await namesOf(z3.object(shape3Of([name])))).toEqual([name]);
  });

  it.each<[string, { given: readonly string[]; want: readonly string[] }]>([
    ["a-b and a_b", { given: ["a-b", "a_b"], want: ["model/name-collision schema.a_b"] }],
    ["aB and a b", { given: ["aB", "a b"], want: ["model/name-collision schema.a b"] }],
    ["User and user", { given: ["User", "user"], want: ["model/name-collision schema.user"] }],
    [
      "three",
      {
        given: ["a-b", "a_b", "a.b"],
        want: ["model/name-collision schema.a_b", "model/name-collision schema.a.b"],
      },
    ],
  ])("%s would be the same in the code", async (_name, { given, want }) => {
    expect(await refusal(z.object(shapeOf(given)))).toEqual(want);
    expect(await refusal(z3.object(shape3Of(given)))).toEqual(want);
  });

  it("of two types must differ", async () => {
    const point = (): z.ZodType => z.object({ x: z.number() });
    expect(await refusal(z.object({ a: z.object({ bC: point(), b_c: point() }) }))).toEqual([
      "model/name-collision schema.a.b_c",
    ]);
    expect(await refusal(z.object({ aB: point(), a: z.object({ b: point() }) }))).toEqual([
      "model/name-collision schema.a.b",
    ]);
  });

  it("of a variant is no other's", async () => {
    const point = (): z.ZodType => z.object({ x: z.number() });
    const either = z.union([z.string(), z.object({ x: z.number() })]);
    const { model } = await buildModel(
      configOf(z.object({ a2: point(), a: either, b: either, b2: point() })),
    );
    const types = model.fields.map(({ type }) => (type.kind === "union" ? type.variants[1]?.type : type));
    expect(types.map((type) => type?.kind === "object" && type.name)).toEqual(["A2", "A_2", "B2", "B2Type"]);
  });

  it("of one schema used twice is two types", async () => {
    const point = z.object({ x: z.number() });
    const { model } = await buildModel(configOf(z.object({ from: point, to: point })));
    expect(model.fields.map(({ type }) => (type.kind === "object" ? type.name : type.kind))).toEqual([
      "From",
      "To",
    ]);
  });

  it("of an object with an id is the id, once", async () => {
    const point = z.object({ x: z.number() }).meta({ id: "geo-point" });
    const { model } = await buildModel(configOf(z.object({ from: point, to: z.array(point) })));
    expect(model.fields.map(({ type }) => type)).toEqual([
      { kind: "ref", name: "GeoPoint" },
      { kind: "array", element: { kind: "ref", name: "GeoPoint" } },
    ]);
    expect(Object.keys(model.types)).toEqual(["GeoPoint"]);
  });

  it("of a type never hides what emitted code uses by that name", async () => {
    const point = z.object({ x: z.number() });
    const schema = z.object({
      date: point,
      session: point,
      map: z.array(point),
      user: point.meta({ id: "Set" }),
    });
    const { model } = await buildModel(configOf(schema));
    expect(model.fields.map(({ type }) => type)).toMatchObject([
      { kind: "object", name: "DateType" },
      { kind: "object", name: "SessionType" },
      { kind: "array", element: { kind: "object", name: "MapItem" } },
      { kind: "ref", name: "SetType" },
    ]);
  });

  it("of a nested property may be anything but what an object cannot have", async () => {
    expect(
      await refusal(
        z.object({ a: z.object({ $id: z.string(), constructor: z.string(), toJSON: z.string() }) }),
      ),
    ).toEqual([]);
    expect(await refusal(z.object({ a: z.object(shapeOf(["__proto__", "$slots"])) }))).toEqual([
      "model/reserved-name schema.a.__proto__",
      "model/reserved-name schema.a.$slots",
    ]);
  });

  it("may be a thousand", async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `field${index}`);
    expect(await namesOf(z.object(shapeOf(names)))).toEqual(names);
    expect(await namesOf(z3.object(shape3Of(names)))).toEqual(names);
  });
});

describe("a default that is not always the same", () => {
  let count = 0;
  const next = (): number => {
    count += 1;
    return count;
  };
  it.each<[string, { given: () => z.ZodType | z3.ZodTypeAny }]>([
    ["the time", { given: () => z.date().default(() => new Date()) }],
    ["the time as a number", { given: () => z.number().default(() => Date.now()) }],
    ["the time as a text", { given: () => z.string().default(() => new Date().toISOString()) }],
    ["the day", { given: () => z.string().default(() => new Date().toISOString().slice(0, 10)) }],
    ["the weekday", { given: () => z.int().default(() => new Date().getDay()) }],
    ["forenoon", { given: () => z.boolean().default(() => new Date().getHours() < 12) }],
    ["the year", { given: () => z.int().default(() => new Date().getFullYear()) }],
    ["the time of Zod 3", { given: () => z3.date().default(() => new Date()) }],
    ["a catch that is the time", { given: () => z.date().catch(() => new Date()) }],
    ["the time when the config was read", { given: () => z.date().default(new Date()) }],
    ["that time within a value", { given: () => z.looseObject({}).default({ list: [{ at: new Date() }] }) }],
    [
      "that time in a map",
      { given: () => z.map(z.string(), z.number()).default(new Map([["a", Date.now()]])) },
    ],
    ["that time as a text", { given: () => z.string().default(new Date().toISOString()) }],
    ["chance", { given: () => z.boolean().default(() => Math.random() < 0.5) }],
    ["an id", { given: () => z.string().default(() => randomUUID()) }],
    [
      "below another wrapper",
      {
        given: () =>
          z
            .date()
            .default(() => new Date())
            .nullable()
            .readonly(),
      },
    ],
    ["a catch that looks at the value", { given: () => z.string().catch(({ input }) => String(input)) }],
    ["a catch of Zod 3 that does", { given: () => z3.string().catch(({ input }) => String(input)) }],
    [
      "a catch that looks at the problem",
      { given: () => z.string().catch(({ issues }) => String(issues[0]?.input)) },
    ],
  ])("%s", async (_name, { given }) => {
    const schema = given();
    const object = "_zod" in schema ? z.object({ f: schema }) : z3.object({ f: schema });
    expect(await refusal(object)).toEqual(["model/dynamic-default schema.f"]);
  });

  it("is none where the function gives the same each time", async () => {
    const schema = z.object({
      when: z.date().default(() => new Date(86_400_000)),
      list: z.array(z.string()).default(() => []),
      caught: z.string().catch(({ issues }) => (issues.length > 9 ? "" : "a")),
    });
    expect(await refusal(schema)).toEqual([]);
  });

  it("is asked of the application's schema where there is one, and of a field", async () => {
    const schema = z.object({
      when: z.date().default(() => new Date()),
      caught: z.date().catch(() => new Date()),
      a: z.object({ b: z.date().default(() => new Date()) }),
    });
    const more = { schemaModule: "./schema.ts" };
    expect(await refusal(schema, more)).toEqual(["model/dynamic-default schema.a.b"]);
    const { model } = await buildModel(configOf(schema.omit({ a: true }), more));
    expect(model.fields.map((field) => [field.default, field.catch])).toEqual([
      [{ kind: "asked", field: "when" }, undefined],
      [
        { kind: "asked", field: "caught" },
        { kind: "asked", field: "caught" },
      ],
    ]);
  });

  it("leaves the clock as it was", async () => {
    const [now, random] = [Date, Math.random];
    await refusal(z.object({ f: z.date().default(() => new Date()) }));
    expect([Date, Math.random]).toEqual([now, random]);
  });

  it.each([
    ["Zod 3", { given: z3.object({ f: z3.string().min(5).default("abc") }) }],
    ["Zod 4, of a prefault", { given: z.object({ f: z.string().min(5).prefault("abc") }) }],
    ["Zod 4, of a list", { given: z.object({ f: z.array(z.string()).min(2).default(["a"]) }) }],
    [
      "a catch that is an object",
      { given: z.object({ f: z.strictObject({ a: z.int() }).catch({ a: 1.5 }) }) },
    ],
  ])("that the schema does not allow is refused: %s", async (_name, { given }) => {
    expect(await refusal(given)).toEqual(["model/invalid-default schema.f"]);
  });

  it.each<[string, { given: readonly unknown[] }]>([
    [
      "a number",
      { given: [z.object({ f: z.number().default(next) }), z3.object({ f: z3.number().default(next) })] },
    ],
    [
      "a catch",
      { given: [z.object({ f: z.number().catch(next) }), z3.object({ f: z3.number().catch(next) })] },
    ],
    [
      "inside an object",
      { given: [z.object({ f: z.object({ n: z.number() }).default(() => ({ n: next() })) })] },
    ],
    [
      "a function that throws",
      { given: [z3.object({ f: z3.number().default(() => JSON.parse("no json")) })] },
    ],
    [
      "an object of a class",
      {
        given: [
          z.object({ f: z.any().default(new Point()) }),
          z3.object({ f: z3.any().default(new Point()) }),
        ],
      },
    ],
    ["a function", { given: [z.object({ f: z.any().catch(() => next) })] }],
  ])("%s", async (_name, { given }) => {
    for (const schema of given) expect(await refusal(schema)).toEqual(["model/dynamic-default schema.f"]);
  });

  it("is named with its path", async () => {
    expect(
      await refusal(z.object({ a: z.object({ b: z.array(z.object({ c: z.number().default(next) })) }) })),
    ).toEqual(["model/dynamic-default schema.a.b[].c"]);
  });
});

describe("a policy", () => {
  const shape = {
    text: z.string(),
    count: z.number(),
    big: z.bigint().optional(),
    when: z.date(),
    list: z.array(z.object({ sku: z.string() })),
    tags: z.array(z.string()),
    note: z.string().optional(),
    theme: z.string().default(""),
    user: z.object({ id: z.string() }),
  };

  it.each<[string, { given: Record<string, FieldPolicy>; want: string }]>([
    [
      "counter of a text",
      { given: { text: { merge: "counter" } }, want: "model/policy-mismatch fields.text" },
    ],
    [
      "steps of a part without a way back",
      {
        given: { "user.id": { upcast: [{ from: z.int(), module: "src/u.ts", export: "u" }] } },
        want: "model/upcast-inside fields.user.id",
      },
    ],
    [
      "steps of what a list holds",
      {
        given: { "tags[]": { upcast: [{ from: z.int(), module: "src/u.ts", export: "u", down: "d" }] } },
        want: "model/upcast-inside fields.tags[]",
      },
    ],
    [
      "steps in an object that shows all its keys",
      {
        given: { "open.id": { upcast: [{ from: z.int(), module: "src/u.ts", export: "u", down: "d" }] } },
        want: "model/upcast-inside fields.open.id",
      },
    ],
    [
      "counter of a date",
      { given: { when: { merge: "counter" } }, want: "model/policy-mismatch fields.when" },
    ],
    ["max of a list", { given: { tags: { merge: "max" } }, want: "model/policy-mismatch fields.tags" }],
    [
      "union of a text",
      { given: { text: { merge: { union: "id" } } }, want: "model/policy-mismatch fields.text" },
    ],
    [
      "union by what is not there",
      { given: { list: { merge: { union: "id" } } }, want: "model/policy-mismatch fields.list" },
    ],
    [
      "union of texts",
      { given: { tags: { merge: { union: "id" } } }, want: "model/policy-mismatch fields.tags" },
    ],
    [
      "append to an object",
      { given: { user: { merge: { append: 9 } } }, want: "model/policy-mismatch fields.user" },
    ],
    [
      "flash of a required field",
      { given: { text: { flash: true } }, want: "model/policy-mismatch fields.text" },
    ],
    [
      "ttl of a required field",
      { given: { text: { ttl: 1000 } }, want: "model/policy-mismatch fields.text" },
    ],
    [
      "list of what is redacted",
      {
        given: { text: { list: true, redact: true }, note: { index: true } },
        want: "model/policy-mismatch fields.text",
      },
    ],
    [
      "list without an index to list by",
      { given: { text: { list: true } }, want: "model/policy-mismatch fields.text" },
    ],
    [
      "of a property",
      { given: { "user.id": { redact: true } }, want: "model/policy-mismatch fields.user.id" },
    ],
    [
      "identity without a new id",
      { given: { user: { identity: "id" } }, want: "model/policy-mismatch fields.user" },
    ],
    [
      "identity by what is not there",
      {
        given: { user: { identity: "name", regenerate: "on-change" } },
        want: "model/policy-mismatch fields.user",
      },
    ],
    [
      "identity by a whole object",
      {
        given: { user: { identity: true, regenerate: "on-change" } },
        want: "model/policy-mismatch fields.user",
      },
    ],
    [
      "what becomes of fields at login, without identity",
      {
        given: { user: { onLogin: "drop", regenerate: "on-change" } },
        want: "model/policy-mismatch fields.user",
      },
    ],
    ["index on a list", { given: { tags: { index: true } }, want: "model/policy-mismatch fields.tags" }],
    [
      "index through a list",
      { given: { "list.sku": { index: true } }, want: "model/policy-mismatch fields.list.sku" },
    ],
    [
      "index on nothing",
      { given: { "user.name": { index: true } }, want: "model/policy-mismatch fields.user.name" },
    ],
    ["of nothing", { given: { txet: { redact: true } }, want: "model/unknown-field fields.txet" }],
  ])("%s does not fit", async (_name, { given, want }) => {
    const open = z.looseObject({ id: z.string() });
    expect(await refusal(z.object({ ...shape, open }), { fields: given })).toEqual([want]);
  });

  it("that fits is in the model", async () => {
    const fields: Record<string, FieldPolicy> = {
      count: { merge: "counter" },
      big: { merge: "max" },
      when: { merge: "min", redact: true },
      list: { merge: { union: "sku" } },
      tags: { merge: { append: 3 } },
      note: { flash: true },
      theme: { flash: true, ttl: 1000 },
      user: { regenerate: "on-change", identity: "id", onNewUser: "keep", was: "person" },
    };
    const { model } = await buildModel(configOf(z.object(shape), { fields }));
    expect(Object.fromEntries(model.fields.map(({ name, policy }) => [name, policy]))).toEqual({
      text: {},
      ...fields,
    });
  });

  it("index goes to its field, with a name for the store and the way to the value", async () => {
    const fields: Record<string, FieldPolicy> = { "user.id": { index: true }, note: { index: "hashed" } };
    const { model } = await buildModel(configOf(z.object(shape), { fields }));
    expect(model.fields.flatMap(({ indexes }) => indexes ?? [])).toMatchObject([
      { path: "note", name: "note", steps: [], hashed: true },
      { path: "user.id", name: "user_id", steps: [{ name: "id", maybe: false }], hashed: false },
    ]);
  });

  it("index is refused where two would have the same name", async () => {
    const both = z.object({ user: z.object({ id: z.string() }), user_id: z.string() });
    expect(await refusal(both, { fields: { "user.id": { index: true }, user_id: { index: true } } })).toEqual(
      ["model/name-collision fields.user_id"],
    );
  });

  it("says which field was meant", async () => {
    const building = buildModel(configOf(z.object(shape), { fields: { txet: { redact: true } } }));
    await expect(building).rejects.toMatchObject({ errors: [{ envelope: { fix: "Did you mean text?" } }] });
  });
});

describe("refinements", () => {
  const schema = z
    .object({
      name: z
        .string()
        .trim()
        .refine((value) => value !== "x"),
      list: z
        .array(z.object({ n: z.number().refine((value) => value > 0) }))
        .refine((value) => value.length < 9),
      plain: z.string().min(1),
      made: z.preprocess(String, z.string()),
      checked: z.string().superRefine(() => undefined),
    })
    .refine(() => true);
  const schema3 = z3
    .object({
      name: z3
        .string()
        .trim()
        .refine((value) => value !== "x"),
      list: z3
        .array(z3.object({ n: z3.number().refine((value) => value > 0) }))
        .refine((value) => value.length < 9),
      plain: z3.string().min(1),
      made: z3.preprocess(String, z3.string()),
      checked: z3.string().superRefine(() => undefined),
    })
    .refine(() => true);
  const want = [
    { path: "", kind: "refinement" },
    { path: "checked", kind: "refinement" },
    { path: "list", kind: "refinement" },
    { path: "list[].n", kind: "refinement" },
    { path: "made", kind: "overwrite" },
    { path: "name", kind: "overwrite" },
    { path: "name", kind: "refinement" },
  ];
  const sorted = <T>(items: readonly T[]): T[] =>
    [...items].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

  it.each([
    ["Zod 4", { given: schema }],
    ["Zod 3", { given: schema3 }],
  ] as const)("of %s are found, and each is warned of once", async (_name, { given }) => {
    const { model, warnings } = await buildModel(configOf(given));
    expect(sorted(model.refinements)).toEqual(sorted(want));
    expect(warnings).toHaveLength(want.length);
    expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(["model/refinement-not-run"]));
    expect(warnings.map(({ where }) => where?.path).sort()).toEqual(
      want.map(({ path }) => (path === "" ? "schema" : `schema.${path}`)).sort(),
    );
  });

  it.each([
    ["Zod 4", { given: schema }],
    ["Zod 3", { given: schema3 }],
  ] as const)("of %s are run where there is a module of the schema: no warning", async (_name, { given }) => {
    const { model, warnings } = await buildModel(configOf(given, { schemaModule: "./schema.ts" }));
    expect(model.refinements).toHaveLength(want.length);
    expect(warnings).toEqual([]);
  });

  it.each<[string, { given: z.ZodType }]>([
    ["a format checked by a function", { given: z.stringFormat("even", (value) => value.length % 2 === 0) }],
    ["a credit card's check digit", { given: z.creditCard() }],
    ["an IBAN's check digits", { given: z.iban() }],
    ["a URL's host", { given: z.url({ hostname: /^example\.com$/ }) }],
    ["a URL's protocol", { given: z.httpUrl() }],
    ["a token's header", { given: z.jwt() }],
    ["exactly one variant", { given: z.xor([z.string(), z.number()]) }],
    ["a check of a part", { given: z.string().check(z.property("length", z.number().max(2))) }],
    ["a check that the type has not", { given: z.unknown().check(z.minLength(2) as never) }],
  ])("%s is one", async (_name, { given }) => {
    const { model } = await buildModel(configOf(z.object({ f: given })));
    expect(model.refinements).toEqual([{ path: "f", kind: "refinement" }]);
  });

  it.each<[string, { given: z.ZodType }]>([
    ["a format with a pattern", { given: z.stringFormat("even", /^(..)*$/) }],
    ["any URL", { given: z.url() }],
    ["bytes", { given: z.instanceof(Uint8Array) }],
    ["bounds", { given: z.string().min(1).max(2).regex(/a/) }],
    [
      "a discriminator",
      {
        given: z.discriminatedUnion("kind", [
          z.object({ kind: z.literal("a") }),
          z.object({ kind: z.literal("b") }),
        ]),
      },
    ],
  ])("%s is none", async (_name, { given }) => {
    const { model } = await buildModel(configOf(z.object({ f: given })));
    expect(model.refinements).toEqual([]);
  });
});

describe("what setters do not do of the schema", () => {
  it.each<[string, { given: z.ZodType | z3.ZodTypeAny; want: string }]>([
    ["a coercion", { given: z.coerce.number(), want: "model/input-not-taken schema.f" }],
    ["a coercion of Zod 3", { given: z3.coerce.date(), want: "model/input-not-taken schema.f" }],
    [
      "a default in a list",
      { given: z.array(z.string().default("a")), want: "model/input-not-taken schema.f[]" },
    ],
    [
      "a prefault in a tuple",
      { given: z.tuple([z.string().prefault("a")]), want: "model/input-not-taken schema.f.0" },
    ],
    [
      "a catch in a map",
      { given: z.map(z.string(), z.int().catch(1)), want: "model/input-not-taken schema.f.value" },
    ],
    [
      "a default in a list's union",
      {
        given: z3.array(z3.union([z3.string().default("a"), z3.number()])),
        want: "model/input-not-taken schema.f[].1",
      },
    ],
    [
      "a default that the schema refuses",
      { given: z.email().default(""), want: "model/unchecked-default schema.f" },
    ],
    [
      "the first of two lists in a pipe",
      {
        given: z.array(z.string()).min(1).pipe(z.array(z.string())),
        want: "model/refinement-not-run schema.f",
      },
    ],
    [
      "a URL that is rewritten",
      { given: z.url({ normalize: true }), want: "model/refinement-not-run schema.f" },
    ],
    [
      "a bound that is the time when the config was read",
      { given: z.date().min(new Date()), want: "model/refinement-not-run schema.f" },
    ],
    [
      "such a bound of Zod 3",
      { given: z3.number().max(Date.now()), want: "model/refinement-not-run schema.f" },
    ],
  ])("%s is warned of", async (_name, { given, want }) => {
    const object = "_zod" in given ? z.object({ f: given }) : z3.object({ f: given });
    const { warnings } = await buildModel(configOf(object));
    expect(warnings.map(({ code, where }) => `${code} ${where?.path}`)).toEqual([want]);
  });

  it("is found wherever a named type is used, and warned of once", async () => {
    const point = z.object({ x: z.number().refine(() => true) }).meta({ id: "Refined" });
    const { model, warnings } = await buildModel(configOf(z.object({ from: point, to: z.array(point) })));
    expect(model.refinements.map(({ path }) => path)).toEqual(["from.x", "to[].x"]);
    expect(warnings).toHaveLength(1);
  });
});

describe("a refusal helps", () => {
  async function fixOf(schema: unknown): Promise<unknown> {
    const error: unknown = await buildModel(configOf(schema)).catch((caught: unknown) => caught);
    const [first] = error instanceof SessgenErrors ? error.errors : [error];
    return first instanceof SessgenError ? `${first.envelope.summary}: ${first.envelope.fix}` : first;
  }

  it.each<[string, { given: unknown; want: RegExp }]>([
    ["with a class of Zod 4", { given: z.object({ f: z.instanceof(Date) }), want: /Use z\.date\(\)\.$/ }],
    ["with one of Zod 3", { given: z3.object({ f: z3.instanceof(Map) }), want: /Use z\.map\(\)\.$/ }],
    [
      "with a class of the application's",
      { given: z3.object({ f: z3.instanceof(Point) }), want: /z\.object\(\); .* Uint8Array and Buffer/ },
    ],
    [
      "with a transform that Zod has a method for",
      {
        given: z.object({ f: z.string().transform((value) => value.toLowerCase()) }),
        want: /Use \.toLowerCase\(\)/,
      },
    ],
    [
      "with one of Zod 3",
      { given: z3.object({ f: z3.string().transform((value) => value.trim()) }), want: /Use \.trim\(\)/ },
    ],
    [
      "with a transform that keeps the type",
      { given: z.object({ f: z.string().transform((value) => `${value}!`) }), want: /use \.overwrite\(\)/ },
    ],
    [
      "with a transform to another type",
      { given: z.object({ f: z.string().transform(Number) }), want: /convert where you use it/ },
    ],
    ["with NaN of Zod 3", { given: z3.object({ f: z3.nan() }), want: /^f is z\.nan\(\)/ }],
    [
      "with a union as the session",
      { given: z.union([z.object({}), z.object({})]), want: /Give the union a field of its own/ },
    ],
    ["with an optional session", { given: z.object({}).optional(), want: /Leave the wrapper away/ }],
    ["with a converted session", { given: z.object({}).transform(String), want: /without \.transform\(\)/ }],
  ])("%s", async (_name, { given, want }) => {
    expect(await fixOf(given)).toMatch(want);
  });

  it("once for a schema that is used in many places", async () => {
    const callback = z.symbol();
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`f${index}`, callback]));
    const error: unknown = await buildModel(configOf(z.object({ ...many, own: z.symbol() }))).catch(
      (caught: unknown) => caught,
    );
    const errors = error instanceof SessgenErrors ? error.errors : [];
    expect(errors.map(({ envelope: { summary, where } }) => [where?.path, summary])).toEqual([
      [
        "schema.f0",
        "f0 is z.symbol(), which cannot be stored; the same schema stands at f1, f2, f3 and 66 other places",
      ],
      ["schema.own", "own is z.symbol(), which cannot be stored"],
    ]);
  });

  it("by no more than can be read", async () => {
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`f${index}`, z.symbol()]));
    const error: unknown = await buildModel(configOf(z.object(many))).catch((caught: unknown) => caught);
    const summaries =
      error instanceof SessgenErrors ? error.errors.map(({ envelope }) => envelope.summary) : [];
    expect(summaries).toHaveLength(50);
    expect(summaries.at(-1)).toMatch(/; 20 more are not listed$/);
  });
});

describe("recursion", () => {
  const Node4 = z.object({
    value: z.string(),
    get children() {
      return z.array(Node4);
    },
  });
  interface Tree {
    value: string;
    children: Tree[];
  }
  const Node3: z3.ZodType<Tree> = z3.lazy(() => z3.object({ value: z3.string(), children: z3.array(Node3) }));
  const Lazy4: z.ZodType<Tree> = z.lazy(() => z.object({ value: z.string(), children: z.array(Lazy4) }));
  interface List extends Array<List> {}
  const List4: z.ZodType<List> = z.lazy(() => z.array(List4));
  const List3: z3.ZodType<List> = z3.lazy(() => z3.array(List3));

  it.each<[string, { given: unknown }]>([
    ["a getter", { given: z.object({ tree: Node4 }) }],
    ["z.lazy()", { given: z.object({ tree: Lazy4 }) }],
    ["z.lazy() of Zod 3", { given: z3.object({ tree: Node3 }) }],
  ])("through %s is a reference", async (_name, { given }) => {
    const { model } = await buildModel(configOf(given));
    const [name = ""] = Object.keys(model.types);
    expect(model.fields[0]?.type).toEqual({ kind: "ref", name });
    expect(model.types[name]).toMatchObject({
      kind: "object",
      name,
      properties: [
        { name: "value" },
        { name: "children", type: { kind: "array", element: { kind: "ref", name } } },
      ],
    });
  });

  it.each<[string, { given: unknown }]>([
    ["Zod 4", { given: z.object({ list: List4 }) }],
    ["Zod 3", { given: z3.object({ list: List3 }) }],
  ])("of a list in itself, %s", async (_name, { given }) => {
    const { model } = await buildModel(configOf(given));
    expect(model.fields[0]?.type).toEqual({ kind: "ref", name: "List" });
    expect(model.types).toEqual({ List: { kind: "array", element: { kind: "ref", name: "List" } } });
  });

  it("between two", async () => {
    const Person = z.object({
      get pets() {
        return z.array(Pet);
      },
    });
    const Pet = z.object({
      get owner() {
        return Person.optional();
      },
    });
    const { model } = await buildModel(configOf(z.object({ person: Person, pet: Pet })));
    const ends = JSON.stringify(model);
    expect(ends).toContain('"kind":"ref","name":"Person"');
    expect(Object.keys(model.types)).toContain("Person");
  });

  it("through what may be null is a reference to what is not", async () => {
    const Node4: z.ZodType = z.object({
      value: z.string(),
      get next() {
        return Wrapped;
      },
    });
    const Wrapped: z.ZodType = Node4.nullable();
    const { model } = await buildModel(configOf(z.object({ f: Wrapped })));
    expect(model.fields[0]?.type).toEqual({ kind: "nullable", inner: { kind: "ref", name: "F" } });
    expect(model.types["F"]?.kind).toBe("object");
  });

  const self4: z.ZodType = z.lazy(() => self4);
  const self3: z3.ZodTypeAny = z3.lazy(() => self3);
  const union4: z.ZodType = z.lazy(() => z.union([union4, z.string()]));
  const geo = (): z.ZodType =>
    z.object({
      kind: z.literal("all"),
      none: z.never().optional(),
      get parts() {
        return z.array(z.union([z.object({ none: z.never().optional() }), geo()]));
      },
      get first() {
        return geo().optional();
      },
    });
  it.each<[string, { given: unknown }]>([
    ["itself", { given: z.object({ f: self4 }) }],
    ["itself, in Zod 3", { given: z3.object({ f: self3 }) }],
    ["itself or a text", { given: z.object({ f: union4 }) }],
    ["a getter that makes new ones", { given: z.object({ f: geo(), g: geo() }) }],
  ])("to %s is refused, in one sentence", async (_name, { given }) => {
    expect(await refusal(given)).toHaveLength(1);
  });

  it("without end is refused", async () => {
    const endless = (): z.ZodType => z.lazy(() => z.array(endless()));
    expect((await refusal(z.object({ f: endless() })))[0]).toMatch(/^model\/unsupported-type schema\.f\[\]/);
  });
});

describe("the model", () => {
  const schema = z
    .object({
      a: z.string().default("a"),
      b: z.map(z.bigint(), z.date()).default(new Map([[1n, new Date(1)]])),
      c: z.instanceof(Uint8Array).default(Uint8Array.of(1)),
      d: z.object({ e: z.literal([1n, "x"]) }).optional(),
      f: z.number().default(-0).catch(Number.MAX_VALUE),
      g: z
        .string()
        .regex(/^a/i)
        .refine(() => true),
    })
    .describe("All of it.");

  it("is frozen to the ground", async () => {
    const { model } = await buildModel(configOf(schema));
    const visit = (value: unknown): number => {
      if (typeof value !== "object" || value === null) return 0;
      expect(Object.isFrozen(value)).toBe(true);
      return Object.values(value).reduce<number>((sum, member) => sum + visit(member), 1);
    };
    expect(visit(model)).toBeGreaterThan(30);
  });

  it("is JSON, and the same each time", async () => {
    const { model } = await buildModel(configOf(schema));
    expect(JSON.parse(JSON.stringify(model))).toEqual(model);
    expect(JSON.stringify((await buildModel(configOf(schema))).model)).toBe(JSON.stringify(model));
  });

  it("has the version, the description and the fields in order", async () => {
    const { model } = await buildModel(configOf(schema));
    expect(model).toMatchObject({ zod: 4, description: "All of it." });
    expect(model.fields.map(({ slot, name }) => [slot, name])).toEqual(
      ["a", "b", "c", "d", "f", "g"].map((name, slot) => [slot, name]),
    );
    expect((await buildModel(configOf(z3.object({})))).model).toMatchObject({ zod: 3 });
  });

  it.each<[string, { given: z.ZodType; want: boolean }]>([
    ["a text", { given: z.string(), want: false }],
    ["a number or null", { given: z.number().nullable(), want: false }],
    ["an enum", { given: z.enum(["a"]), want: false }],
    ["a date", { given: z.date(), want: true }],
    ["bytes", { given: z.instanceof(Uint8Array), want: true }],
    ["a list", { given: z.array(z.string()), want: true }],
    ["a union with a list", { given: z.union([z.string(), z.array(z.string())]), want: true }],
    ["anything", { given: z.unknown(), want: true }],
    ["an object or null", { given: z.object({}).nullable().optional(), want: true }],
  ])("knows whether %s can be changed in place", async (_name, { given, want }) => {
    const { model } = await buildModel(configOf(z.object({ f: given })));
    expect(model.fields[0]?.mutable).toBe(want);
  });
});
