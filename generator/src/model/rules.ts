import type { Bound, Pattern, StringType, Type } from "./model.js";
import { beginningPattern, endingPattern } from "./patterns.js";
import { greatest, least, optional } from "./reflect.js";

/**
 * Gives a type with the rules of two of its kind; `undefined` where they cannot be said as one
 * type.
 */
export function bothRules(first: Type, second: Type): Type | undefined {
  if (JSON.stringify(first) === JSON.stringify(second)) return second;
  if (first.kind === "unknown") return second;
  if (first.kind === "string" && second.kind === "string") return bothStrings(first, second);
  if (first.kind === "number" && second.kind === "number") {
    const multipleOf = [...(first.multipleOf ?? []), ...(second.multipleOf ?? [])];
    return {
      kind: "number",
      integer: first.integer || second.integer,
      finite: first.finite || second.finite,
      ...optional("min", higher(first.min, second.min)),
      ...optional("max", lower(first.max, second.max)),
      ...optional("multipleOf", multipleOf.length === 0 ? undefined : multipleOf),
    };
  }
  if (first.kind === "date" && second.kind === "date") {
    return {
      kind: "date",
      ...optional("min", greatest(first.min, second.min)),
      ...optional("max", least(first.max, second.max)),
    };
  }
  return undefined;
}

/** Formats that are checked by more than a pattern: a second one would take their place. */
function hasOwnCheck({ format, patterns }: StringType): boolean {
  return format === "url" || (format !== undefined && patterns.length === 0);
}

function bothStrings(first: StringType, second: StringType): StringType | undefined {
  if (first.typeText !== undefined || (hasOwnCheck(first) && second.format !== undefined)) return undefined;
  const parts: Pattern[] = [...first.patterns, ...second.patterns];
  if (first.startsWith !== undefined) parts.push(beginningPattern(first.startsWith));
  if (first.endsWith !== undefined) parts.push(endingPattern(first.endsWith));
  const includes = [...(first.includes ?? []), ...(second.includes ?? [])];
  return {
    ...second,
    patterns: parts,
    ...optional("format", second.format ?? first.format),
    ...optional("minLength", greatest(first.minLength, second.minLength)),
    ...optional("maxLength", least(first.maxLength, second.maxLength)),
    ...optional("includes", includes.length === 0 ? undefined : includes),
  };
}

function higher(one: Bound<number> | undefined, other: Bound<number> | undefined): Bound<number> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.value === other.value) return one.exclusive ? one : other;
  return one.value > other.value ? one : other;
}

function lower(one: Bound<number> | undefined, other: Bound<number> | undefined): Bound<number> | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.value === other.value) return one.exclusive ? one : other;
  return one.value < other.value ? one : other;
}
