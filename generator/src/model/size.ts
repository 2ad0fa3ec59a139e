import type { Property, Type } from "./model.js";
import { type ByKind, byKind } from "./walk.js";

/** UTF-8 takes at most three bytes for one UTF-16 code unit. */
const BYTES_PER_UNIT = 3;
/** And at most four for one code point, of which Zod 4 counts the length of a string. */
const BYTES_PER_CHARACTER = 4;

/**
 * Gives the most bytes a value of the type takes when packed; `undefined` when there is no bound.
 * Headers are counted at their longest: the bound may be generous, never too small.
 */
export function maxBytes(type: Type): number | undefined {
  return byKind(sizes, type);
}

const sizes: ByKind<number | undefined> = {
  string: ({ format, maxLength }) =>
    format === "uuid" || format === "guid" ? 41 : plus(5, times(maxLength, BYTES_PER_CHARACTER)),
  number: () => 9,
  date: () => 9,
  bigint: ({ min, max }) =>
    min === undefined || max === undefined
      ? undefined
      : Math.max(9, 5 + Math.max(min.value.length, max.value.length)),
  boolean: () => 1,
  null: () => 1,
  undefined: () => 3,
  bytes: ({ maxLength }) => plus(5, maxLength),
  unknown: () => undefined,
  ref: () => undefined,
  literal: ({ values }) => Math.max(...values.map((value) => JSON.stringify(value).length * BYTES_PER_UNIT)),
  enum: () => 5,
  object: ({ properties, rest }) =>
    rest === "strip" || rest === "strict"
      ? properties.reduce<number | undefined>(
          (sum, property) => plus(sum, ofProperty(property)),
          10 + highestSlot(properties) / 8,
        )
      : undefined,
  array: ({ element, maxLength }) => plus(5, times(maxLength, maxBytes(element))),
  set: ({ element, maxSize }) => plus(5, times(maxSize, maxBytes(element))),
  map: ({ key, value, maxSize }) => plus(5, times(maxSize, plus(maxBytes(key), maxBytes(value)))),
  tuple: ({ items, rest }) =>
    rest === undefined
      ? items.reduce<number | undefined>((sum, item) => plus(sum, plus(3, maxBytes(item))), 5)
      : undefined,
  record: ({ key, value }) => {
    if (key.kind !== "enum") return undefined;
    const size = maxBytes(value);
    return key.members.reduce<number | undefined>(
      (sum, member) => plus(sum, plus(size, 5 + String(member.value).length * BYTES_PER_UNIT)),
      5,
    );
  },
  union: ({ variants }) =>
    variants.reduce<number | undefined>((most, variant) => {
      const size = maxBytes(variant.type);
      return most === undefined || size === undefined ? undefined : Math.max(most, size + 6);
    }, 0),
  nullable: ({ inner }) => maxBytes(inner),
  optional: ({ inner }) => {
    // `undefined` takes three bytes.
    const size = maxBytes(inner);
    return size === undefined ? undefined : Math.max(3, size);
  },
};

/** What notes of which values another one was made take: a name, and a number. */
const NOTE = 12;

function ofProperty({ type, former = [] }: Property): number | undefined {
  return former.reduce((sum, one) => plus(sum, plus(NOTE, atLeastAbsent(one.type))), atLeastAbsent(type));
}

function atLeastAbsent(type: Type): number | undefined {
  const size = maxBytes(type);
  return size === undefined ? undefined : Math.max(3, size);
}

function highestSlot(properties: readonly Property[]): number {
  return properties.reduce((highest, { slot }) => Math.max(highest, slot), 0);
}

function plus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.ceil(a + b);
}

function times(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a * b;
}
