/** @module-tag slow */
import { describe, expect, it } from "vitest";
import { acceptedOf } from "./accepted.js";
import { judge } from "./judge.js";

/** A schema that once went wrong, and values that showed it. */
interface Given {
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** The code of what is refused or warned of; nothing, where all is as Zod says. */
type Want = { readonly refused: string } | { readonly warned: string } | "kept";

const buffers = [Buffer.from([1]), { a: Buffer.from([1]) }, { a: [Uint8Array.of(1)] }];
const numberKeys = ["1", "-1", "2.5", "", " 1", "01", "1e3", "0x10", "NaN", "Infinity", "a", "b"];
const keyed = [{}, ...numberKeys.map((key) => ({ [key]: "x" }))];
const maybe = [undefined, null, "a", 1];

const of4: readonly (readonly [string, { readonly given: Given; readonly want: Want }])[] = [
  [
    "a pipe to what may be absent exactly",
    { given: { text: "z.unknown().pipe(z.exactOptional(z.string()))", values: maybe }, want: "kept" },
  ],
  [
    "a pipe to what may be absent or null",
    { given: { text: "z.unknown().pipe(z.string().nullish())", values: maybe }, want: "kept" },
  ],
  [
    "a pipe to what may be absent",
    {
      given: { text: "z.unknown().pipe(z.array(z.string()).optional())", values: [["a"], undefined] },
      want: "kept",
    },
  ],
  [
    "a pipe to a union of which one may be absent",
    {
      given: { text: "z.unknown().pipe(z.union([z.string().optional(), z.number()]))", values: maybe },
      want: "kept",
    },
  ],
  [
    "such a pipe in a union",
    {
      given: {
        text: "z.union([z.unknown().pipe(z.exactOptional(z.string())), z.number()])",
        values: maybe,
      },
      want: "kept",
    },
  ],
  [
    "such a pipe at the end of a tuple",
    {
      given: {
        text: "z.tuple([z.string(), z.unknown().pipe(z.string().optional()), z.string().optional()])",
        values: [["a"], ["a", undefined], ["a", "b"], ["a", "b", undefined]],
      },
      want: "kept",
    },
  ],
  [
    "such a pipe in a tuple with a rest",
    {
      given: {
        text: "z.tuple([z.string(), z.unknown().pipe(z.exactOptional(z.string()))], z.string())",
        values: [["a"], ["a", undefined], ["a", "b"], ["a", "b", "c"]],
      },
      want: "kept",
    },
  ],
  [
    "a pipe to a default, which stands in for nothing",
    {
      given: { text: "z.unknown().pipe(z.string().default('a'))", values: maybe },
      want: { warned: "model/input-not-taken" },
    },
  ],
  [
    "keys that are numbers",
    { given: { text: "z.partialRecord(z.number(), z.string())", values: keyed }, want: "kept" },
  ],
  [
    "keys that are integers",
    { given: { text: "z.record(z.int().min(1), z.string())", values: keyed }, want: "kept" },
  ],
  [
    "keys that are numbers or a text",
    {
      given: { text: "z.record(z.union([z.number().max(2), z.literal('a')]), z.string())", values: keyed },
      want: "kept",
    },
  ],
  [
    "keys of a pattern, or a number",
    {
      given: { text: "z.record(z.union([z.literal(1), z.string().regex(/^a/)]), z.string())", values: keyed },
      want: "kept",
    },
  ],
  [
    "keys that are listed in a named union",
    {
      given: {
        text: "z.record(z.union([z.literal('a'), z.literal('b')]).meta({ id: 'Key' }), z.string())",
        values: [...keyed, { a: "x", b: "y" }],
      },
      want: "kept",
    },
  ],
  [
    "keys that no object has, beside others",
    {
      given: {
        text: "z.partialRecord(z.literal([null, 'a']), z.string())",
        values: [...keyed, { null: "x" }],
      },
      want: "kept",
    },
  ],
  [
    "keys that no object has",
    { given: { text: "z.record(z.literal(5n), z.string())" }, want: { refused: "model/unsupported-type" } },
  ],
  ["keys of any type", { given: { text: "z.record(z.any(), z.string())", values: keyed }, want: "kept" }],
  [
    "any value but undefined",
    {
      given: { text: "z.array(z.unknown().nonoptional())", values: [[undefined], [1], [null]] },
      want: { warned: "model/refinement-not-run" },
    },
  ],
  [
    "a default for nothing but undefined",
    {
      given: { text: "z.record(z.string(), z.undefined().default(null))" },
      want: { refused: "model/unsupported-type" },
    },
  ],
  [
    "a literal undefined that may not be undefined",
    { given: { text: "z.literal(undefined).nonoptional()" }, want: { refused: "model/unsupported-type" } },
  ],
  ...["", ".meta({ id: 'Label' })"].flatMap((named) => {
    const label = `z.union([z.string(), z.undefined()])${named}`;
    const by = named && ", by a name of its own";
    const values = [{ a: "b" }, { a: undefined }, {}];
    return [
      [
        `what may be undefined, with a default in its place${by}`,
        { given: { text: `z.object({ a: ${label}.default('x') })`, values }, want: "kept" },
      ],
      [
        `what may be undefined, as a property${by}`,
        { given: { text: `z.object({ a: ${label} })`, values }, want: "kept" },
      ],
      [
        `what may be undefined, at the end of a tuple${by}`,
        {
          given: { text: `z.tuple([z.string(), ${label}])`, values: [["a"], ["a", undefined], ["a", "b"]] },
          want: "kept",
        },
      ],
    ] as const;
  }),
  [
    "a Buffer in a loose object",
    { given: { text: "z.looseObject({})", values: buffers.slice(1) }, want: "kept" },
  ],
  ["a Buffer where all is taken", { given: { text: "z.unknown()", values: buffers }, want: "kept" }],
];

const of3: typeof of4 = [
  [
    "a default for nothing but undefined",
    {
      given: { text: "z.record(z.string(), z.undefined().default(null))" },
      want: { refused: "model/unsupported-type" },
    },
  ],
  [
    "keys that are numbers, which Zod 3 takes from no object",
    { given: { text: "z.record(z.number(), z.string())" }, want: { refused: "model/unsupported-type" } },
  ],
  [
    "keys of an enum with numbers",
    {
      given: { text: "z.record(z.nativeEnum({ Up: 0, Down: 'down' }), z.string())" },
      want: { refused: "model/unsupported-type" },
    },
  ],
  [
    "keys that are made numbers",
    {
      given: { text: "z.record(z.coerce.number(), z.string())", values: keyed },
      want: { warned: "model/input-not-taken" },
    },
  ],
  [
    "keys that are text, or numbers",
    {
      given: { text: "z.record(z.union([z.string(), z.number()]), z.string())", values: keyed },
      want: "kept",
    },
  ],
  ["a Buffer where all is taken", { given: { text: "z.any()", values: buffers }, want: "kept" }],
];

describe.each([
  [4, of4],
  [3, of3],
] as const)("what once differed from Zod %i", (zod, table) => {
  it.each(table)("%s", async (_name, { given: { text, values = [] }, want }) => {
    const recipe = { text, sample: () => undefined };
    const { recipes, refused } = await acceptedOf(zod, [recipe]);
    const codes = recipes.flatMap(({ warnings }) => warnings.map(({ code }) => code));
    expect(Object.keys(refused)).toEqual(typeof want === "object" && "refused" in want ? [want.refused] : []);
    expect(codes).toEqual(typeof want === "object" && "warned" in want ? [want.warned] : []);
    const verdict = await judge(zod, [recipe], () => [{}, ...values.map((v) => ({ v }))]);
    expect(verdict.differences).toEqual([]);
    expect(verdict.stored > 0).toBe(recipes.length > 0);
  });
});
