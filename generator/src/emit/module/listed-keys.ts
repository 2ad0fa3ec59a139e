import type { Type } from "../../model/model.js";

/**
 * Gives the keys of a record that its schema lists, as objects have them; `undefined` where it
 * lists none.
 */
export function listedKeys(type: Type): readonly string[] | undefined {
  if (type.kind === "enum") return type.members.map(({ value }) => String(value));
  if (type.kind === "literal")
    return type.values.flatMap((constant) => (constant.kind === "json" ? [String(constant.value)] : []));
  if (type.kind !== "union") return undefined;
  const keys = type.variants.map((variant) => listedKeys(variant.type));
  return keys.includes(undefined) ? undefined : [...new Set(keys.flatMap((some) => some ?? []))];
}
