import type { Type } from "./model.js";

/** Gives the type, or `undefined`. What may be `undefined` says so outermost, and once. */
export function optionalOf(type: Type): Type {
  return admitsUndefined(type) ? type : { kind: "optional", inner: type };
}

/** Gives the type, or `null`. */
export function nullableOf(type: Type): Type {
  if (type.kind === "nullable" || type.kind === "null" || type.kind === "unknown") return type;
  if (type.kind === "optional") return { kind: "optional", inner: nullableOf(type.inner) };
  return { kind: "nullable", inner: type };
}

/** Gives the type without `undefined`, unless it is all there is. */
export function definedOf(type: Type): Type {
  switch (type.kind) {
    case "optional":
      return type.inner;
    case "nullable":
      return { ...type, inner: definedOf(type.inner) };
    case "literal": {
      const values = type.values.filter(({ kind }) => kind !== "undefined");
      return values.length === 0 ? type : { ...type, values };
    }
    case "union": {
      const variants = type.variants
        .filter((variant) => variant.type.kind !== "undefined")
        .map((variant, slot) => ({ ...variant, slot, type: definedOf(variant.type) }));
      const [only] = variants;
      return variants.length === 1 && only !== undefined ? only.type : { ...type, variants };
    }
    default:
      return type;
  }
}

/** Tells whether `undefined` is the one value of the type. */
export function isOnlyUndefined(type: Type): boolean {
  switch (type.kind) {
    case "undefined":
      return true;
    case "optional":
      return isOnlyUndefined(type.inner);
    case "literal":
      return type.values.every(({ kind }) => kind === "undefined");
    case "union":
      return type.variants.every((variant) => isOnlyUndefined(variant.type));
    default:
      return false;
  }
}

/**
 * Tells whether `undefined` is a value of the type.
 * @param types - what references lead to, where that is known already
 */
export function admitsUndefined(type: Type, types: Readonly<Record<string, Type>> = {}): boolean {
  switch (type.kind) {
    case "optional":
    case "undefined":
    case "unknown":
      return true;
    case "nullable":
      return admitsUndefined(type.inner, types);
    case "literal":
      return type.values.some(({ kind }) => kind === "undefined");
    case "union":
      return type.variants.some((variant) => admitsUndefined(variant.type, types));
    case "ref": {
      // Within itself it adds nothing.
      const { [type.name]: target, ...others } = types;
      return target !== undefined && admitsUndefined(target, others);
    }
    default:
      return false;
  }
}

/** Gives the type as `.readonly()` shows it. */
export function readonlyOf(type: Type): Type {
  switch (type.kind) {
    case "object":
    case "array":
    case "tuple":
    case "record":
    case "map":
    case "set":
    case "ref":
      return { ...type, readonly: true };
    case "nullable":
    case "optional":
      return { ...type, inner: readonlyOf(type.inner) };
    case "union":
      return {
        ...type,
        variants: type.variants.map((variant) => ({ ...variant, type: readonlyOf(variant.type) })),
      };
    default:
      return type;
  }
}
