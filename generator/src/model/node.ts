import type { RefinementKind, Type } from "./model.js";

/** Kinds of what holds other values. */
export const containers = ["object", "array", "tuple", "record", "map", "set"] as const;

/**
 * One step into a schema, the same for Zod 3 and Zod 4. `inner` and the like are schemas again, of
 * the user's own Zod: only the adapters look into them.
 */
export type Node =
  /** @param named - an enum whose members have names that are not their values */
  (
    | { readonly kind: "scalar"; readonly type: Type; readonly named?: boolean }
    | {
        readonly kind: "object";
        readonly shape: Readonly<Record<string, unknown>>;
        readonly rest: "strip" | "strict" | "loose" | { readonly catchall: unknown };
      }
    | {
        readonly kind: "array";
        readonly element: unknown;
        readonly minLength?: number;
        readonly maxLength?: number;
      }
    | { readonly kind: "tuple"; readonly items: readonly unknown[]; readonly rest?: unknown }
    | {
        readonly kind: "record";
        readonly key: unknown;
        readonly value: unknown;
        /** Not every key needs to be there; `"listed"`: where the keys are listed. */
        readonly partial: boolean | "listed";
      }
    | {
        readonly kind: "map";
        readonly key: unknown;
        readonly value: unknown;
        readonly minSize?: number;
        readonly maxSize?: number;
      }
    | {
        readonly kind: "set";
        readonly element: unknown;
        readonly minSize?: number;
        readonly maxSize?: number;
      }
    | { readonly kind: "union"; readonly options: readonly unknown[]; readonly discriminator?: string }
    | { readonly kind: "intersection"; readonly left: unknown; readonly right: unknown }
    | { readonly kind: "optional"; readonly inner: unknown; readonly exact?: boolean }
    | { readonly kind: "required"; readonly inner: unknown }
    | { readonly kind: "nullable"; readonly inner: unknown }
    /**
     * @param given - what is given out is never `undefined`; a prefault goes through the inner
     *   schema
     */
    | { readonly kind: "default"; readonly inner: unknown; readonly given: boolean }
    | { readonly kind: "catch"; readonly inner: unknown; readonly value: (input: unknown) => unknown }
    | { readonly kind: "readonly"; readonly inner: unknown }
    /** A wrapper that changes nothing about what is stored: brand, lazy. */
    | { readonly kind: "same"; readonly inner: unknown }
    /** A value passes one schema, and then another. */
    | { readonly kind: "pipe"; readonly first: unknown; readonly inner: unknown }
    /** No value at all: where something may be absent, it must be. */
    | { readonly kind: "never" }
    | { readonly kind: "unsupported"; readonly what: string; readonly instead: string }
  ) & {
    /** What hangs on the schema, or is part of it, and is not in the node. */
    readonly refinements?: readonly RefinementKind[];
  };

/** What an absent property is read as: a problem, nothing, or a value. */
export type Absence =
  | { readonly kind: "missing" }
  | { readonly kind: "absent" }
  | { readonly kind: "value"; readonly value: unknown };

/** Reads the schemas of one major version of Zod, by structure: whichever copy of it made them. */
export interface ZodAdapter {
  readonly zod: 3 | 4;
  /** Gives the outermost step of a schema. */
  read(schema: unknown): Node;
  /**
   * Gives what Zod makes of a property that is absent.
   * @param object - some object schema of the same copy of Zod
   */
  absent(schema: unknown, object: unknown): Absence;
  /** Tells whether Zod lets the value through. */
  accepts(schema: unknown, value: unknown): boolean;
  /**
   * Tells whether the type of an object marks such a property with `?`; `admits`: its type has
   * `undefined`.
   */
  omits(schema: unknown, admits: boolean): boolean;
  /**
   * Tells whether what is absent is refused, though its type may mark it with `?`: a pipe takes
   * what its first schema takes.
   * @param object - some object schema of the same copy of Zod
   */
  asksFor(schema: unknown, object: unknown): boolean;
  /** Whether a tuple may end before such an item. */
  readonly endsEarly: boolean;
  /** Gives what `.describe()` and `.meta({ id })` say. */
  meta(schema: unknown): { readonly description?: string; readonly id?: string };
}

/** Gives the node of a schema that is a type by itself. */
export function scalar(type: Type): Node {
  return { kind: "scalar", type };
}

/** Gives what to use instead of something that cannot be stored. */
export function unsupported(what: string, instead: string): Node {
  return { kind: "unsupported", what, instead };
}

/** Gives what the function of a catch is given, in Zod 3 and Zod 4. */
export function caught(input: unknown): object {
  const issues = [{ code: "invalid_type", message: "Invalid input", path: [], input }];
  return { value: input, input, issues, error: { issues } };
}
