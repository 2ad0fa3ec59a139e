import type { Property, Type, Variant } from "./type.js";

/** Where a type stands in the one around it. */
export type Place =
  | { readonly kind: "property"; readonly property: Property }
  /** The keys that an object does not list. */
  | { readonly kind: "rest" }
  | { readonly kind: "element" }
  | { readonly kind: "item"; readonly index: number }
  /** What follows the items of a tuple. */
  | { readonly kind: "tail" }
  | { readonly kind: "key" }
  | { readonly kind: "value" }
  | { readonly kind: "variant"; readonly variant: Variant }
  /** What is wrapped: it stands where the wrapper stands. */
  | { readonly kind: "inner" };

/** A type directly inside of another one. */
export interface Child {
  readonly type: Type;
  readonly place: Place;
}

/**
 * Gives the types directly inside of a type, in the order of the schema. All that walks the model
 * does so by this, or by {@link withChildren}.
 */
export function childrenOf(type: Type): readonly Child[] {
  const children: Child[] = [];
  withChildren(type, (child) => {
    children.push(child);
    return child.type;
  });
  return children;
}

/** Gives the type with other types inside. What refers to a named type has none. */
export function withChildren(type: Type, change: (child: Child) => Type): Type {
  const visit = <K extends "rest" | "element" | "tail" | "key" | "value" | "inner">(kind: K, child: Type) =>
    change({ type: child, place: { kind } });
  switch (type.kind) {
    case "object": {
      const properties = type.properties.map((property) => ({
        ...property,
        type: change({ type: property.type, place: { kind: "property", property } }),
      }));
      const { rest } = type;
      return {
        ...type,
        properties,
        rest: typeof rest === "object" ? { catchall: visit("rest", rest.catchall) } : rest,
      };
    }
    case "array":
    case "set":
      return { ...type, element: visit("element", type.element) };
    case "tuple":
      return {
        ...type,
        items: type.items.map((item, index) => change({ type: item, place: { kind: "item", index } })),
        ...(type.rest === undefined ? {} : { rest: visit("tail", type.rest) }),
      };
    case "record":
    case "map":
      return { ...type, key: visit("key", type.key), value: visit("value", type.value) };
    case "union":
      return {
        ...type,
        variants: type.variants.map((variant) => ({
          ...variant,
          type: change({ type: variant.type, place: { kind: "variant", variant } }),
        })),
      };
    case "nullable":
    case "optional":
      return { ...type, inner: visit("inner", type.inner) };
    default:
      return type;
  }
}

/**
 * All kinds of types, each with what is meant for it: the compiler names the ones that are missing.
 */
export type ByKind<Result, Rest extends readonly unknown[] = []> = {
  readonly [K in Type["kind"]]: (type: Extract<Type, { kind: K }>, ...rest: Rest) => Result;
};

/** Gives what a table has for a type. */
export function byKind<Result, Rest extends readonly unknown[]>(
  table: ByKind<Result, Rest>,
  type: Type,
  ...rest: Rest
): Result {
  // The member of that kind takes types of that kind, which the compiler cannot see.
  const of = table[type.kind] as (type: Type, ...rest: Rest) => Result;
  return of(type, ...rest);
}

/** Gives the named types that a type refers to, each time it does. */
export function refsOf(type: Type): readonly string[] {
  return type.kind === "ref" ? [type.name] : childrenOf(type).flatMap((child) => refsOf(child.type));
}
