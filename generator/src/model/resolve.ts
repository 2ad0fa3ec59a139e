import type { Type } from "./model.js";

/** Gives the type itself, behind references and what merely allows `null` or `undefined`. */
export function resolveType(type: Type, types: Readonly<Record<string, Type>>): Type {
  if (type.kind === "nullable" || type.kind === "optional") return resolveType(type.inner, types);
  if (type.kind !== "ref") return type;
  const target = types[type.name];
  return target === undefined ? type : resolveType(target, types);
}
