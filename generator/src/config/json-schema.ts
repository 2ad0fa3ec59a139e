import { type ZodType, z } from "zod";
import type { Catalog } from "./catalog.js";
import { cookie } from "./options/cookie.js";
import { configSchema } from "./options/options.js";

/** A JSON Schema, or a part of one. */
interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/**
 * Makes the JSON Schema of configs that are JSON, from what configs are checked by. What only a
 * look at several options tells, such as one of `url` and `client`, is not in it.
 */
export function configJsonSchema({ backends, frameworks }: Catalog): JsonSchema {
  const { $schema, properties, ...rest } = jsonSchemaOf(configSchema);
  const { schema: _, ...options } = Object(properties);
  const backend = anyOf([...backends.values()].map((one) => partOf(one.options)));
  const glue = [...frameworks.values()].map(({ name, options: given }) =>
    given === undefined ? partOf(z.strictObject({ name: z.literal(name) })) : partOf(given),
  );
  return {
    $schema,
    title: "session.config.json",
    ...rest,
    properties: {
      $schema: { type: "string" },
      ...options,
      backend: oneOrByEnvironment("backend"),
      cookie: oneOrByEnvironment("cookie"),
      frameworks: { type: "array", items: anyOf([{ enum: [...frameworks.keys()] }, ...glue]) },
    },
    // A schema is written in TypeScript or JavaScript.
    required: ["schemaModule", "backend"],
    $defs: { backend, cookie: partOf(cookie) },
  };
}

function anyOf(schemas: readonly JsonSchema[]): JsonSchema {
  return { anyOf: schemas };
}

/** As `session.config.ts` has them: for all environments, or one per NODE_ENV. */
function oneOrByEnvironment(definition: string): JsonSchema {
  const one = { $ref: `#/$defs/${definition}` };
  return anyOf([one, { type: "object", minProperties: 1, additionalProperties: one }]);
}

function partOf(schema: ZodType): JsonSchema {
  const { $schema: _, ...part } = jsonSchemaOf(schema);
  return part;
}

function jsonSchemaOf(schema: ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    // Of our types, and none of the user's business.
    override: ({ jsonSchema }) => void delete jsonSchema.readOnly,
  }) as JsonSchema;
}
