import type { Node } from "./node.js";
import { isObject } from "./reflect.js";

/**
 * Gives an enum, of names and values or of a list of values. Names of a native enum of numbers map
 * back to its keys: those are no members.
 */
export function enumOf(entries: unknown): Node {
  const all = Array.isArray(entries)
    ? Object.fromEntries(entries.map((value) => [value, value]))
    : isObject(entries)
      ? entries
      : {};
  const members = Object.entries(all).filter(([key]) => typeof all[String(all[key])] !== "number");
  const values = members
    .map(([, value]) => value)
    .filter((value): value is string | number => typeof value === "string" || typeof value === "number");
  // Numbers can be assigned to a TypeScript enum, texts cannot.
  const named = members.some(([key, value]) => typeof value === "string" && key !== value);
  return {
    kind: "scalar",
    type: { kind: "enum", members: [...new Set(values)].map((value, slot) => ({ value, slot })) },
    ...(named && { named }),
  };
}
