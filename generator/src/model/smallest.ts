import type { Property, Type } from "./model.js";
import { type ByKind, byKind } from "./walk.js";

/**
 * Gives the fewest bytes a value of the type takes when packed. May be too small, never too large.
 */
export function minBytes(type: Type): number {
  return byKind(sizes, type);
}

const sizes: ByKind<number> = {
  // Text that is base64url is stored as its bytes.
  string: ({ minLength = 0, format }) => (format === "uuid" ? 18 : 1 + Math.floor((minLength * 3) / 4)),
  number: () => 1,
  date: () => 6,
  bigint: () => 1,
  boolean: () => 1,
  null: () => 1,
  undefined: () => 3,
  bytes: ({ minLength = 0 }) => 2 + minLength,
  unknown: () => 1,
  // It may lead back here.
  ref: () => 1,
  literal: () => 1,
  enum: () => 1,
  object: ({ properties }) => properties.reduce((sum, property) => sum + ofProperty(property), 1),
  array: ({ element, minLength = 0 }) => 1 + minLength * minBytes(element),
  set: ({ element, minSize = 0 }) => 1 + minSize * minBytes(element),
  map: ({ key, value, minSize = 0 }) => 1 + minSize * (minBytes(key) + minBytes(value)),
  tuple: ({ items }) => items.reduce((sum, item) => sum + minBytes(item), 1),
  record: () => 1,
  union: ({ variants }) => 2 + Math.min(...variants.map(({ type }) => minBytes(type))),
  nullable: () => 1,
  optional: () => 1,
};

function ofProperty({ optional, default: initial, type }: Property): number {
  return optional || initial !== undefined ? 0 : minBytes(type);
}
