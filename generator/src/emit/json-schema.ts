import { toJSONSchema } from "zod/v4/core";
import type { ResolvedConfig } from "../config/resolved.js";
import { JsonMap, type JsonNode, jsonText } from "../lock/json-text.js";
import { isObject, listOf, member } from "../model/reflect.js";
import { isZod4 } from "../model/zod4/index.js";
import type { Artifact } from "../output/artifact.js";
import { jsonText as textOf, withSteadyDefaults } from "./steady-defaults.js";

/**
 * Emits the session's JSON Schema (draft 2020-12; 2019-09 for Zod 3), of the json format: dates as
 * text, bytes as base64, bigints as digits, maps as pairs. From Zod 4's own converter, or
 * zod-to-json-schema for Zod 3.
 */
export async function emitJsonSchema(config: ResolvedConfig): Promise<Artifact> {
  const make = isZod4(config.schema) ? () => fromZod4(config.schema) : await fromZod3(config.schema);
  const schema = withSteadyDefaults(make);
  const content = jsonText(spread({ title: "Session", ...schema }), WIDTH);
  return { path: `${config.output}/session.schema.json`, content, kind: "owned" };
}

/** That of emitted code. */
const WIDTH = 100;

/** Each member of an object on a line of its own, so that a change is one of few lines. */
function spread(value: unknown): JsonNode {
  if (Array.isArray(value)) return value.map(spread);
  if (isObject(value)) {
    const members = Object.entries(value).filter(([, item]) => item !== undefined);
    return new JsonMap(
      members.map(([name, item]) => [name, spread(item)]),
      { spread: true },
    );
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

/** What JSON Schema has no word for, as the json format writes it. */
const stored: Readonly<Record<string, object>> = {
  date: { type: "string", format: "date-time" },
  bigint: { type: "string", pattern: "^-?\\d+$" },
  custom: { type: "string", contentEncoding: "base64" },
  map: { type: "array", items: { type: "array", minItems: 2, maxItems: 2 } },
  set: { type: "array", uniqueItems: true },
};

function fromZod4(schema: unknown): object {
  return toJSONSchema(schema as Parameters<typeof toJSONSchema>[0], {
    unrepresentable: "any",
    // What is stored is what goes in: fields with a default may be absent, and the envelope has
    // members of its own.
    io: "input",
    override: ({ zodSchema, jsonSchema }) => {
      const { type } = zodSchema._zod.def;
      if (type in stored && jsonSchema.type === undefined) Object.assign(jsonSchema, stored[type]);
      // Of a catch; the converter leaves away only defaults that JSON does not hold.
      if (textOf(jsonSchema.default) === undefined) delete jsonSchema.default;
    },
  });
}

/** Only who uses Zod 3 pays for its converter. */
async function fromZod3(schema: unknown): Promise<() => object> {
  const converter = await import("zod-to-json-schema");
  return () =>
    converter.zodToJsonSchema(schema as Parameters<typeof converter.zodToJsonSchema>[0], {
      target: "jsonSchema2019-09",
      dateStrategy: "format:date-time",
      removeAdditionalStrategy: "strict",
      override: (def) => {
        const typeName: unknown = Reflect.get(def, "typeName");
        if (typeName === "ZodLiteral") return literalOf(Reflect.get(def, "value"));
        const literals = typeName === "ZodUnion" ? literalsOf(Reflect.get(def, "options")) : undefined;
        if (literals?.some((value) => typeof value === "bigint")) return { anyOf: literals.map(literalOf) };
        if (typeName === "ZodBigInt") return { type: "string", pattern: "^-?\\d+$" };
        if (typeName === "ZodMap")
          return { type: "array", items: { type: "array", minItems: 2, maxItems: 2, items: {} } };
        return converter.ignoreOverride;
      },
    });
}

/** The converter of Zod 3 takes `null` for an object, and writes what JSON has no notation for. */
function literalOf(value: unknown): object {
  if (value === null) return { type: "null" };
  const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isPlain ? { type: typeof value, const: value } : {};
}

/** The values of a union of nothing but literals, of which the converter makes a list. */
function literalsOf(options: unknown): readonly unknown[] | undefined {
  const defs = listOf(options).map((option) => member(option, "_def"));
  const areLiterals = defs.every((def) => member(def, "typeName") === "ZodLiteral");
  return areLiterals ? defs.map((def) => member(def, "value")) : undefined;
}
