import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { IndentationText, Project, StructureKind } from "ts-morph";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { CodeFile } from "../../../src/code/code-file.js";
import { reservedNames } from "../../../src/code/emitted-names.js";
import { writeChecks } from "../../../src/emit/module/checks.js";
import { Emission } from "../../../src/emit/module/emission.js";
import { writeTypes } from "../../../src/emit/module/types.js";
import type {
  Field,
  ObjectType,
  Property,
  SessionModel,
  StringType,
  Type,
} from "../../../src/model/model.js";

const text: StringType = { kind: "string", patterns: [] };
const property = (name: string, type: Type, more: Partial<Property> = {}): Property => ({
  name,
  slot: 0,
  optional: false,
  type,
  ...more,
});
const item: ObjectType = {
  kind: "object",
  name: "CartItem",
  rest: "strict",
  properties: [
    property("sku", { ...text, minLength: 1, maxLength: 3 }),
    property("quantity", { kind: "number", integer: true, finite: true, min: { value: 0, exclusive: true } }),
  ],
};
const variant = (tag: string, name: string, extra: Property): ObjectType => ({
  kind: "object",
  name,
  rest: "strip",
  properties: [property("kind", { kind: "literal", values: [{ kind: "json", value: tag }] }), extra],
});
const number = { kind: "number", integer: false, finite: true } as const;

/** Each type of the model, with the schema it stands for. */
const types: readonly (readonly [string, { type: Type; schema: z.ZodType }])[] = [
  [
    "text",
    { type: { ...text, patterns: [{ source: "^a/b", flags: "" }] }, schema: z.string().regex(/^a\/b/) },
  ],
  [
    "slow",
    {
      type: { ...text, maxLength: 8, patterns: [{ source: "^(a+)+$", flags: "" }] },
      schema: z
        .string()
        .max(8)
        .regex(/^(a+)+$/),
    },
  ],
  ["ratio", { type: { ...number, multipleOf: [0.1] }, schema: z.number().multipleOf(0.1) }],
  ["flag", { type: { kind: "nullable", inner: { kind: "boolean" } }, schema: z.boolean().nullable() }],
  ["big", { type: { kind: "bigint", max: { value: "9", exclusive: true } }, schema: z.bigint().lt(9n) }],
  [
    "theme",
    {
      type: {
        kind: "enum",
        members: [
          { value: "a", slot: 0 },
          { value: 2, slot: 1 },
        ],
      },
      schema: z.enum({ a: "a", b: 2 }),
    },
  ],
  [
    "cart",
    {
      type: { kind: "array", element: item, maxLength: 2 },
      schema: z.array(z.strictObject({ sku: z.string().min(1).max(3), quantity: z.int().positive() })).max(2),
    },
  ],
  [
    "pair",
    {
      type: { kind: "tuple", items: [text, number], required: 2 },
      schema: z.tuple([z.string(), z.number()]),
    },
  ],
  [
    "labels",
    {
      type: { kind: "record", key: text, value: number, partial: false },
      schema: z.record(z.string(), z.number()),
    },
  ],
  ["tags", { type: { kind: "set", element: text }, schema: z.set(z.string()) }],
  ["index", { type: { kind: "map", key: text, value: number }, schema: z.map(z.string(), z.number()) }],
  [
    "either",
    {
      type: {
        kind: "union",
        variants: [
          { slot: 0, label: "a", type: text },
          { slot: 1, label: "b", type: number },
        ],
      },
      schema: z.union([z.string(), z.number()]),
    },
  ],
  [
    "shape",
    {
      type: {
        kind: "union",
        discriminator: "kind",
        variants: [
          { slot: 0, label: "a", type: variant("a", "ShapeA", property("x", text, { optional: true })) },
          { slot: 1, label: "b", type: variant("b", "ShapeB", property("y", number)) },
        ],
      },
      schema: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("a"), x: z.string().optional() }),
        z.object({ kind: z.literal("b"), y: z.number() }),
      ]),
    },
  ],
];
const model: SessionModel = {
  zod: 4,
  types: {},
  refinements: [],
  fields: types.map(
    ([name, { type }], slot): Field => ({ name, slot, type, optional: false, mutable: false, policy: {} }),
  ),
};

/** Both files of the model, as they are emitted; the runtime is the one in the checkout. */
function emit(): { checks: string; types: string } {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces },
  });
  const emission = new Emission(model, ".js", "Session");
  const text = (write: (file: CodeFile, emission: Emission) => void): string => {
    const file = new CodeFile({ project, StructureKind }, reservedNames);
    write(file, emission);
    return file.print();
  };
  return {
    checks: text(writeChecks),
    types: text((file, emission) => writeTypes(file, emission, (module) => module)),
  };
}

const cache = fileURLToPath(new URL("../../../../node_modules/.cache/sessgen-tests/", import.meta.url));
const runtime = fileURLToPath(new URL("../../../../runtime/src/checks/index.ts", import.meta.url));
let folder = "";
let checks: Record<string, (value: unknown) => void> = {};

beforeAll(async () => {
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(`${cache}checks-`);
  const emitted = emit();
  await writeFile(
    `${folder}/checks.ts`,
    emitted.checks.replace('"@sessgen/runtime"', JSON.stringify(runtime)),
  );
  await writeFile(`${folder}/types.ts`, emitted.types);
  checks = await import(`${folder}/checks.ts`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function verdict(name: string, value: unknown): string {
  try {
    checks[`check${name.charAt(0).toUpperCase()}${name.slice(1)}`]?.(value);
    return "accepted";
  } catch (error) {
    return error instanceof Error && "path" in error ? String(error.path) : String(error);
  }
}

/** What the function gives, and how often it went through a string meanwhile. */
function counted<T>(work: () => T): [T, number] {
  const iterate = String.prototype[Symbol.iterator];
  let count = 0;
  String.prototype[Symbol.iterator] = function (this: string) {
    count += 1;
    return iterate.call(this);
  };
  try {
    return [work(), count];
  } finally {
    String.prototype[Symbol.iterator] = iterate;
  }
}

const scalar = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.constantFrom(
    "a",
    "b",
    "a/b",
    2,
    null,
    undefined,
    true,
    0.3,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    8n,
    9n,
  ),
  fc.integer({ min: -2, max: 5 }),
  fc.double(),
);
const keyed = fc.record(
  { kind: fc.constantFrom("a", "b", 1), x: scalar, y: scalar, sku: scalar, quantity: scalar },
  { requiredKeys: [] },
);
const anything = fc.oneof(
  scalar,
  keyed,
  fc.array(fc.oneof(scalar, keyed, fc.record({ sku: fc.string({ maxLength: 4 }), quantity: fc.integer() })), {
    maxLength: 3,
  }),
  fc.dictionary(fc.string({ maxLength: 3 }), fc.oneof(scalar, fc.double())),
  fc.array(scalar, { maxLength: 2 }).map((items) => new Set(items)),
  fc.array(fc.tuple(scalar, scalar), { maxLength: 2 }).map((items) => new Map(items)),
);

describe("emitted checks", () => {
  it.each(types)("%s: agrees with the schema on any value", (name, { schema }) => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(verdict(name, value) === "accepted").toBe(schema.safeParse(value).success);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [
      "an item's member",
      {
        given: [
          "cart",
          [
            { sku: "a", quantity: 1 },
            { sku: "b", quantity: 0 },
          ],
        ],
        want: "cart[1].quantity",
      },
    ],
    ["a key that is no identifier", { given: ["labels", { "a-b": "x" }], want: 'labels["a-b"]' }],
    ["the discriminator", { given: ["shape", { kind: "c" }], want: "shape.kind" }],
    ["inside a variant", { given: ["shape", { kind: "b", y: "1" }], want: "shape.y" }],
  ] as const)("names the path: %s", (_name, { given: [field, value], want }) => {
    expect(verdict(field, value)).toBe(want);
  });

  it("look at the bound first: nothing of a string of megabytes is read", () => {
    const sku = (value: string): string => verdict("cart", [{ sku: value, quantity: 1 }]);
    expect(counted(() => sku("x".repeat(20_000_000)))).toEqual(["cart[0].sku", 0]);
    // Where the number of units leaves a doubt, the points are counted.
    expect(counted(() => sku("\u{1f600}".repeat(3)))).toEqual(["accepted", 1]);
    // The pattern alone would take longer than there is.
    expect(verdict("slow", `${"a".repeat(100)}!`)).toBe("slow");
  });

  it("come out the same every time", async () => {
    expect(emit()).toEqual(emit());
    await expect(emit().checks).toMatchFileSnapshot("__snapshots__/checks.ts.txt");
    await expect(emit().types).toMatchFileSnapshot("__snapshots__/types.ts.txt");
  });
});
