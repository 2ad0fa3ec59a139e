import type { RefinementKind, Type } from "./model.js";

/**
 * One step into a schema, the same for Zod 3 and Zod 4. `inner` and the like are schemas again, of
 * the user's own Zod: only the adapters look into them.
 */
export type Node = (
  | { readonly kind: "scalar"; readonly type: Type }
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
  | { readonly kind: "record"; readonly key: unknown; readonly value: unknown; readonly partial: boolean }
  | {
      readonly kind: "map";
      readonly key: unknown;
      readonly value: unknown;
      readonly minSize?: number;
      readonly maxSize?: number;
    }
  | { readonly kind: "set"; readonly element: unknown; readonly minSize?: number; readonly maxSize?: number }
  | { readonly kind: "union"; readonly options: readonly unknown[]; readonly discriminator?: string }
  | { readonly kind: "intersection"; readonly left: unknown; readonly right: unknown }
  | { readonly kind: "optional"; readonly inner: unknown; readonly exact?: boolean }
  | { readonly kind: "required"; readonly inner: unknown }
  | { readonly kind: "nullable"; readonly inner: unknown }
  | { readonly kind: "default"; readonly inner: unknown; readonly value: () => unknown }
  | { readonly kind: "catch"; readonly inner: unknown; readonly value: () => unknown }
  | { readonly kind: "readonly"; readonly inner: unknown }
  /**
   * A wrapper that changes nothing about what is stored: brand, lazy, a pipe between storable
   * types.
   */
  | { readonly kind: "same"; readonly inner: unknown }
  | { readonly kind: "unsupported"; readonly what: string; readonly instead: string }
) & {
  /** Functions that hang on the schema. */
  readonly refinements?: readonly RefinementKind[];
};

/** Reads the schemas of one major version of Zod, by structure: whichever copy of it made them. */
export interface ZodAdapter {
  readonly zod: 3 | 4;
  /** The outermost step of a schema. */
  read(schema: unknown): Node;
  /** `.describe()` and `.meta({ id })`. */
  meta(schema: unknown): { readonly description?: string; readonly id?: string };
}

/** What to use instead of something that cannot be stored. */
export function unsupported(what: string, instead: string): Node {
  return { kind: "unsupported", what, instead };
}
