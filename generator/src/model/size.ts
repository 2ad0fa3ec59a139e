import type { Property, Type } from "./model.js";

/** UTF-8 takes at most three bytes for one UTF-16 code unit. */
const BYTES_PER_UNIT = 3;
/** And at most four for one code point, of which Zod 4 counts the length of a string. */
const BYTES_PER_CHARACTER = 4;

/**
 * The most bytes a value of the type takes when packed; `undefined` when there is no bound. Headers
 * are counted at their longest: the bound may be generous, never too small.
 */
export function maxBytes(type: Type): number | undefined {
  switch (type.kind) {
    case "string":
      return type.format === "uuid" || type.format === "guid"
        ? 41
        : plus(5, times(type.maxLength, BYTES_PER_CHARACTER));
    case "number":
    case "date":
      return 9;
    case "bigint":
      return type.min === undefined || type.max === undefined
        ? undefined
        : Math.max(9, 5 + Math.max(type.min.value.length, type.max.value.length));
    case "boolean":
    case "null":
      return 1;
    case "undefined":
      return 3;
    case "bytes":
      return plus(5, type.maxLength);
    case "unknown":
    case "ref":
      return undefined;
    case "literal":
      return Math.max(...type.values.map((value) => JSON.stringify(value).length * BYTES_PER_UNIT));
    case "enum":
      return 5;
    case "object":
      if (type.rest !== "strip" && type.rest !== "strict") return undefined;
      return type.properties.reduce<number | undefined>(
        (sum, property) => plus(sum, ofProperty(property)),
        10 + highestSlot(type.properties) / 8,
      );
    case "array":
      return plus(5, times(type.maxLength, maxBytes(type.element)));
    case "set":
      return plus(5, times(type.maxSize, maxBytes(type.element)));
    case "map":
      return plus(5, times(type.maxSize, plus(maxBytes(type.key), maxBytes(type.value))));
    case "tuple":
      if (type.rest !== undefined) return undefined;
      return type.items.reduce<number | undefined>((sum, item) => plus(sum, plus(3, maxBytes(item))), 5);
    case "record": {
      if (type.key.kind !== "enum") return undefined;
      const value = maxBytes(type.value);
      return type.key.members.reduce<number | undefined>(
        (sum, member) => plus(sum, plus(value, 5 + String(member.value).length * BYTES_PER_UNIT)),
        5,
      );
    }
    case "union": {
      const sizes = type.variants.map((variant) => maxBytes(variant.type));
      return sizes.reduce<number | undefined>(
        (most, size) => (most === undefined || size === undefined ? undefined : Math.max(most, size + 6)),
        0,
      );
    }
    case "nullable":
      return maxBytes(type.inner);
    case "optional": {
      // `undefined` takes three bytes.
      const inner = maxBytes(type.inner);
      return inner === undefined ? undefined : Math.max(3, inner);
    }
  }
}

function ofProperty(property: Property): number | undefined {
  const size = maxBytes(property.type);
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
