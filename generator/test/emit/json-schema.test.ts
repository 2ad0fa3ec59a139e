import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod-3";
import type { ResolvedConfig } from "../../src/config/resolved.js";
import { emitJsonSchema } from "../../src/emit/json-schema.js";

/** ajv-formats is CommonJS: to the compiler its function is behind a default export. */
function withFormats<T extends Ajv2019 | Ajv2020>(ajv: T): T {
  (formats as unknown as (target: T) => void)(ajv);
  return ajv;
}

const four = z.object({
  name: z.string().max(5).optional(),
  visits: z.int().default(0),
  when: z.date().optional(),
  big: z.bigint().optional(),
  tags: z.set(z.string()).optional(),
  prices: z.map(z.string(), z.number()).optional(),
  raw: z.instanceof(Uint8Array).optional(),
  theme: z.enum(["light", "dark"]).default("light"),
});
const three = z3.object({
  name: z3.string().max(5).optional(),
  visits: z3.number().int().default(0),
  when: z3.date().optional(),
  big: z3.bigint().optional(),
  tags: z3.set(z3.string()).optional(),
  prices: z3.map(z3.string(), z3.number()).optional(),
  last: z3.union([z3.literal(null), z3.literal(5n), z3.literal("never")]).optional(),
  theme: z3.enum(["light", "dark"]).default("light"),
});

/** What is drawn by lot, what is the time, and a field that is called as the keyword is. */
const withMoments = z.object({
  id: z.string().default(() => crypto.randomUUID()),
  at: z.date().default(() => new Date()),
  default: z.number().catch(() => Date.now()),
  big: z.bigint().catch(5n),
  visits: z.int().default(0),
});
const withMoments3 = z3.object({
  id: z3.string().default(() => crypto.randomUUID()),
  at: z3.date().default(() => new Date()),
  default: z3.number().catch(() => Date.now()),
  big: z3.bigint().default(5n),
  visits: z3.number().int().default(0),
});

describe.each<[string, { schema: unknown; ajv: Ajv2019 | Ajv2020 }]>([
  ["Zod 4", { schema: four, ajv: withFormats(new Ajv2020()) }],
  ["Zod 3", { schema: three, ajv: withFormats(new Ajv2019()) }],
])("the JSON Schema from %s", (_name, { schema, ajv }) => {
  const validate = async (value: unknown) => {
    const { content } = await emitJsonSchema({ schema, output: "out" } as unknown as ResolvedConfig);
    const key = String(Math.random());
    ajv.addSchema(JSON.parse(content), key);
    return ajv.validate(key, value);
  };

  it.each<[string, { given: object; want: boolean }]>([
    ["what is stored of a new session", { given: { $createdAt: 1 }, want: true }],
    [
      "everything in its json form",
      {
        given: {
          $createdAt: 1,
          _permanent: true,
          name: "ada",
          visits: 3,
          when: "2026-01-01T00:00:00.000Z",
          big: "-12345678901234567890",
          tags: ["a"],
          prices: [["tea", 2]],
          theme: "dark",
        },
        want: true,
      },
    ],
    ["null where a literal says so", { given: { last: null }, want: true }],
    ["too long a text", { given: { name: "charles" }, want: false }],
    ["half a visit", { given: { visits: 0.5 }, want: false }],
    ["no date", { given: { when: "yesterday" }, want: false }],
    ["a bigint as number", { given: { big: 5 }, want: false }],
    ["a pair of three", { given: { prices: [["tea", 2, 3]] }, want: false }],
    ["no member of the enum", { given: { theme: "blue" }, want: false }],
  ])("judges %s", async (_case, { given, want }) => {
    expect(await validate(given)).toBe(want);
  });

  it("is left by prettier as it is", async () => {
    const { content } = await emitJsonSchema({ schema, output: "out" } as unknown as ResolvedConfig);
    expect(await format(content, { parser: "json", printWidth: 100 })).toBe(content);
  });

  it("is the same each time", async () => {
    const config = { schema, output: "out" } as unknown as ResolvedConfig;
    expect(await emitJsonSchema(config)).toEqual(await emitJsonSchema(config));
  });
});

it.each([
  ["of Zod 4", { given: withMoments, want: { id: {}, at: {}, big: {}, visits: { default: 0 } } }],
  ["of Zod 3", { given: withMoments3, want: { id: {}, at: {}, big: {}, visits: { default: 0 } } }],
])(
  "has no default that another run would not have, or that JSON does not hold, %s",
  async (_name, { given, want }) => {
    const config = { schema: given, output: "out" } as unknown as ResolvedConfig;
    const { properties } = JSON.parse((await emitJsonSchema(config)).content) as {
      properties: Record<string, { default?: unknown }>;
    };
    const defaults = Object.entries(properties).map(([name, property]) => [
      name,
      "default" in property ? { default: property.default } : {},
    ]);
    expect(Object.fromEntries(defaults)).toEqual({ default: {}, ...want });
  },
);
