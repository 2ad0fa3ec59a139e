import type { Type } from "../../model/model.js";
import { tagsOf } from "./tags.js";

const loops: ReadonlySet<Type["kind"]> = new Set(["array", "tuple", "record", "map", "set"]);

/**
 * Tells whether values of the type, as a variant of a union, are told from others by a function: a
 * condition alone does not look into them.
 */
export function needsCheck(type: Type): boolean {
  return loops.has(type.kind) || (type.kind === "union" && tagsOf(type) !== undefined);
}
