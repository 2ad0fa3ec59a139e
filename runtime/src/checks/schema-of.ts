import { SessionError, SessionFieldError } from "../errors.js";
import { childPath } from "./child-path.js";
import { checkStorable } from "./storable.js";

/** What generated code uses of the application's own schema, of Zod 3 or 4. */
export interface UserSchema {
  /** Tells whether the schema of a field, refinements included, lets the value through. */
  accepts(field: string, value: unknown): boolean;
  /**
   * Gives what the schema of a field makes of a value: trimmed, coerced, with its defaults.
   * @throws SessionFieldError when it lets no such value through
   */
  convert(field: string, value: unknown): unknown;
  /** Gives what the schema of a field gives where it is absent. */
  defaultOf(field: string): unknown;
  /**
   * Judges the session as a whole, by the refinements that hang on the schema itself. Zod comes to
   * them when every field is there, and so does this.
   *
   * @throws SessionFieldError when they refuse it
   */
  check(data: Readonly<Record<string, unknown>>): void;
}

interface Issue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
}

type Result =
  | { readonly success: true; readonly data: unknown }
  | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };

interface Parsing {
  safeParse(value: unknown): Result;
}

/**
 * Gives the schema that a module exports, as `default` or as `schema`.
 * @throws SessionError `schema/missing` when it exports none
 */
export function schemaOf(module: { readonly default?: unknown; readonly schema?: unknown }): UserSchema {
  const schema = [module.default, module.schema].find(isParsing);
  const shape = schema && shapeOf(schema);
  if (schema === undefined || shape === undefined) {
    throw new SessionError(
      "schema/missing",
      "The schema module exports no object schema as default or `schema`",
    );
  }
  const parse = (field: string, value: unknown): Result => {
    const own = shape[field];
    if (isParsing(own)) return own.safeParse(value);
    throw new SessionError("schema/missing", `The schema module's schema has no field ${field}`);
  };
  return {
    accepts: (field, value) => parse(field, value).success,
    convert(field, value) {
      const result = parse(field, value);
      if (!result.success) throw refusal(field, result.error.issues);
      checkStorable(result.data, field);
      return result.data;
    },
    defaultOf(field) {
      const result = parse(field, undefined);
      return result.success ? result.data : undefined;
    },
    check(data) {
      const result = schema.safeParse(data);
      if (result.success) return;
      const { issues } = result.error;
      if (!issues.some((issue) => isMissing(issue, data))) throw refusal("", issues);
    },
  };
}

function refusal(field: string, [first]: readonly Issue[]): SessionFieldError {
  let path = field;
  for (const step of first?.path ?? []) {
    if (typeof step === "number") path += `[${step}]`;
    else path = path === "" ? String(step) : childPath(path, String(step));
  }
  return new SessionFieldError(path, "what its schema allows");
}

/** Whether what is wrong is that a field is not there. */
function isMissing({ code, path }: Issue, data: Readonly<Record<string, unknown>>): boolean {
  const [field] = path;
  return code !== "custom" && path.length === 1 && data[String(field)] === undefined;
}

function isParsing(value: unknown): value is Parsing {
  return typeof value === "object" && value !== null && "safeParse" in value;
}

/** Deeper wrappers than this are taken for endless. */
const MAX_WRAPPERS = 32;

/** The fields of an object schema, whatever it is wrapped in. */
function shapeOf(schema: unknown, depth = 0): Readonly<Record<string, unknown>> | undefined {
  if (typeof schema !== "object" || schema === null || depth > MAX_WRAPPERS) return undefined;
  const shape = member(schema, "shape");
  if (typeof shape === "object" && shape !== null) return shape as Readonly<Record<string, unknown>>;
  // Zod 4 has its definitions in `_zod.def`, Zod 3 in `_def`.
  const definition = member(member(schema, "_zod"), "def") ?? member(schema, "_def");
  const getter = member(definition, "getter");
  const inner: unknown[] = [
    typeof getter === "function" ? Reflect.apply(getter, definition, []) : undefined,
    member(definition, "innerType"),
    member(definition, "schema"),
    member(definition, "type"),
  ];
  return shapeOf(
    inner.find((schema) => typeof schema === "object"),
    depth + 1,
  );
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
