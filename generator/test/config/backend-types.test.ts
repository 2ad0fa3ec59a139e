import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type ZodObject, type ZodType, z } from "zod";
import { backends } from "../../src/backends/index.js";
import { backendOptions } from "../../src/config/schema.js";
import { env } from "../../src/index.js";
import values from "./backend-examples.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The options of a descriptor, each with its schema. */
function shapeOf(kind: string): Readonly<Record<string, ZodType>> {
  const options = backends.get(kind)?.options;
  if (!(options instanceof z.ZodObject)) throw new Error(`The options of ${kind} are no object`);
  return (options as ZodObject).shape as Record<string, ZodType>;
}

/** The values of an enumeration, wherever in the schema it stands. */
function enumerated(schema: ZodType): readonly unknown[] {
  if (schema instanceof z.ZodOptional) return enumerated(schema.unwrap() as ZodType);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((one) => enumerated(one as ZodType));
  if (schema instanceof z.ZodEnum) return schema.options;
  if (schema instanceof z.ZodLiteral) return [...schema.values];
  if (schema instanceof z.ZodBoolean) return [true, false];
  return [];
}

const takes = (schema: ZodType | undefined, value: unknown): boolean =>
  schema?.safeParse(value).success === true;

it("there is an interface for every kind, and no other", () => {
  expect(Object.keys(values).sort()).toEqual([...backends.keys()].sort());
});

describe.each(Object.entries(values))(
  "the interface of %s",
  (kind, options: Record<string, readonly unknown[]>) => {
    const shape = shapeOf(kind);

    it("has the options that are validated", () => {
      expect(Object.keys(options).sort()).toEqual(Object.keys(shape).sort());
    });

    it.each(Object.entries(options))("lets through what is valid: %s", (name, some) => {
      const schema = shape[name];
      for (const value of some) expect(takes(schema, value), JSON.stringify(value)).toBe(true);
      for (const value of enumerated(schema as ZodType)) expect(some).toContain(value);
      // The interface takes `env()` if, and only if, one is among the values.
      const fromEnv = some.some((value) => JSON.stringify(value) === JSON.stringify(env("TEXT")));
      expect(takes(schema, env("TEXT"))).toBe(fromEnv);
      for (const type of ["string", "number", "boolean"]) {
        const known = some.some((value) => typeof value === type);
        const probe = { string: "some-text", number: 3, boolean: true }[type];
        if (!known) expect(takes(schema, probe), type).toBe(false);
      }
    });
  },
);

/** What follows `backend:` in a block of TypeScript, evaluated. */
function backendIn(block: string): Record<string, object> {
  const [, text = ""] = /\bbackend: (\{.*\}),\n/s.exec(`${block}\n`) ?? [];
  const balanced = text.slice(0, endOf(text));
  return new Function("env", `return (${balanced});`)(env) as Record<string, object>;
}

/** Where the object at the beginning of a text ends. */
function endOf(text: string): number {
  let depth = 0;
  for (const [position, character] of [...text].entries()) {
    if (character === "{") depth += 1;
    if (character === "}") depth -= 1;
    if (depth === 0) return position + 1;
  }
  return text.length;
}

describe.each(["README.md", "docs/backends.md"])("every backend in %s", (file) => {
  const page = readFileSync(`${root}${file}`, "utf8");
  const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text = ""]) => text);
  const shown = blocks.filter((text) => /\bbackend: \{/.test(text));

  it("there are some", () => {
    expect(shown.length).toBeGreaterThan(0);
  });

  it.each(shown)("is valid: %s", (block) => {
    const given = backendIn(block);
    for (const one of "kind" in given ? [given] : Object.values(given))
      expect(backendOptions.safeParse(one).error?.issues ?? []).toEqual([]);
  });
});
