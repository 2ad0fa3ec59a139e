import { type ModelContext, type Path, pathText } from "./context.js";
import type { Type } from "./model.js";
import { listedKeys, unionOf } from "./union.js";

/**
 * Gives what a record can have for keys, all of which are text: numbers only where Zod takes them
 * from it. What can be no key, such as `null`, is left out; a problem where nothing of a kind can.
 *
 * @param isCoerced - the key's schema makes numbers of text by itself
 */
export function keysOf(context: ModelContext, type: Type, path: Path, isCoerced: boolean): Type {
  const takesNumbers = context.adapter.zod === 4 || isCoerced;
  const parts = partsOf(type, context.types);
  const kept = parts.flatMap((part) => keyOf(part, takesNumbers) ?? []);
  const takesText = kept.some(({ kind }) => kind === "string");
  const lost = parts.filter((part) => keyOf(part, true) === undefined || (!takesNumbers && hasNumbers(part)));
  const missed = lost.filter(({ kind }) => kind !== "null" && kind !== "undefined");
  if (kept.length === 0 || (missed.length > 0 && !takesText)) {
    const numbers = missed.some(hasNumbers);
    context.problem(
      "model/unsupported-type",
      path,
      numbers
        ? `${pathText(path)} has numbers for keys, which Zod 3 takes from no object`
        : `${pathText(path)} has keys that are not text`,
      numbers
        ? "Use z.coerce.number(), or z.string()."
        : "Use z.string() or z.enum() for keys, or a z.map().",
    );
    return type;
  }
  const [only] = kept;
  return listedKeys(kept.length === 1 && only !== undefined ? only : unionOf(kept, undefined));
}

/** The types that a type is a union of, behind wrappers and names. */
function partsOf(type: Type, types: Readonly<Record<string, Type>>, within: readonly Type[] = []): Type[] {
  if (within.includes(type)) return [];
  const inside = (one: Type): Type[] => partsOf(one, types, [...within, type]);
  switch (type.kind) {
    case "optional":
    case "nullable":
      return inside(type.inner);
    case "union":
      return type.variants.flatMap((variant) => inside(variant.type));
    case "ref": {
      const named = types[type.name];
      return named === undefined ? [] : inside(named);
    }
    default:
      return [type];
  }
}

/** What of the type can be a key. */
function keyOf(type: Type, takesNumbers: boolean): Type | undefined {
  switch (type.kind) {
    case "string":
      return type;
    case "unknown":
      return { kind: "string", patterns: [] };
    case "number":
      return takesNumbers ? type : undefined;
    case "literal": {
      const values = type.values.filter(
        (constant) =>
          constant.kind === "json" &&
          (typeof constant.value === "string" || (takesNumbers && typeof constant.value === "number")),
      );
      return values.length === 0 ? undefined : { ...type, values };
    }
    case "enum": {
      const members = type.members.filter(({ value }) => takesNumbers || typeof value === "string");
      // A record over an enum and one over its values are the same to the compiler.
      return members.length === 0 ? undefined : { kind: "enum", members };
    }
    default:
      return undefined;
  }
}

function hasNumbers(type: Type): boolean {
  switch (type.kind) {
    case "number":
      return true;
    case "literal":
      return type.values.some((constant) => constant.kind === "json" && typeof constant.value === "number");
    case "enum":
      return type.members.some(({ value }) => typeof value === "number");
    default:
      return false;
  }
}
