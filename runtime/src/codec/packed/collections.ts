import { UnreadableValue } from "../unreadable.js";

/**
 * Gives the members of an object that its schema does not list; `undefined` where there are none.
 * What their type is was checked, or will be when they are read.
 */
export function restOf<T>(object: object, known: readonly string[]): { [key: string]: T } | undefined {
  const entries: [string, T][] = Object.entries(object).filter(([key]) => !known.includes(key));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Looks a member of an enum up by its value. */
export function plainMember<T>(value: unknown, members: readonly T[]): Exclude<T, undefined> {
  const member = value === undefined ? undefined : members.find((candidate) => candidate === value);
  if (member === undefined) throw new UnreadableValue("a member of the enum");
  return member as Exclude<T, undefined>;
}

/** Gives back the literal that the value equals. */
export function literal<T>(value: unknown, literals: readonly T[]): T {
  for (const candidate of literals) {
    // As Zod compares: `NaN` is itself, and -0 is 0. What it is stays.
    if (Object.is(candidate, value) || (candidate === value && value === 0)) return value as T;
    if (typeof candidate === "bigint" && String(candidate) === String(value)) return candidate;
    if (typeof candidate === "number" && typeof value === "string" && String(candidate) === value)
      return candidate;
  }
  throw new UnreadableValue("one of the literals");
}
