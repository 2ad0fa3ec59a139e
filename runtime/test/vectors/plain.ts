import { tag } from "../../src/codec/plain/tagged.js";
import { OfVariant } from "../codec/support/schema.js";

/**
 * A value as the vectors have it: what JSON cannot hold is tagged, as in `{ "$date": 0 }`; an object with one such key of its own is wrapped
 * as `{ "$object": … }`. The slot of a union's variant is not shown.
 */
export function shown(value: unknown): unknown {
  return tag(withoutVariants(value), "json");
}

function withoutVariants(value: unknown): unknown {
  if (value instanceof OfVariant) return withoutVariants(value.value);
  if (Array.isArray(value)) return value.map(withoutVariants);
  if (value instanceof Set) return new Set([...value].map(withoutVariants));
  if (value instanceof Map)
    return new Map([...value].map(([key, item]) => [withoutVariants(key), withoutVariants(item)]));
  if (typeof value !== "object" || value === null || value instanceof Date || value instanceof Uint8Array)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutVariants(item)]));
}
