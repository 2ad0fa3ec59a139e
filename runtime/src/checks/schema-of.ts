import { SessionError } from "../errors.js";

/** What generated checks use of a Zod schema, of Zod 3 or 4. */
export interface RefinedSchema {
  /** Tells whether the schema of a field, refinements included, lets the value through. */
  accepts(field: string, value: unknown): boolean;
}

interface ParsingSchema {
  readonly shape: Readonly<
    Record<string, { safeParse(value: unknown): { readonly success: boolean } } | undefined>
  >;
}

/**
 * Gives the schema that a module exports, as `default` or as `schema`.
 * @throws SessionError `schema/missing` when it exports none
 */
export function schemaOf(module: { readonly default?: unknown; readonly schema?: unknown }): RefinedSchema {
  const schema = [module.default, module.schema].find(isSchema);
  if (schema === undefined) {
    throw new SessionError(
      "schema/missing",
      "The schema module exports no object schema as default or `schema`",
    );
  }
  return { accepts: (field, value) => schema.shape[field]?.safeParse(value).success ?? false };
}

function isSchema(value: unknown): value is ParsingSchema {
  return typeof value === "object" && value !== null && "shape" in value && "safeParse" in value;
}
