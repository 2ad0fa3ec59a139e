import { fail } from "./fail.js";
import { isRecord } from "./is-record.js";

/** Tells whether the object has no other members than these. */
export function hasOnly(object: object, known: readonly string[]): boolean {
  return Object.keys(object).every((key) => known.includes(key));
}

/**
 * Gives the members of an object, but for those that are known.
 * @throws SessionFieldError for the key `__proto__`: Zod drops it without a word, and what is
 *   stored must be what was assigned
 */
export function membersOf(object: object, path: string, known: readonly string[] = []): [string, unknown][] {
  const members = Object.entries(object);
  if (Object.hasOwn(object, "__proto__")) fail(path, "an object without the key __proto__");
  return known.length === 0 ? members : members.filter(([key]) => !known.includes(key));
}

/** Gives a member of the object itself, for names that every object inherits: `toString`. */
export function ownMember(object: { readonly [key: string]: unknown }, name: string): unknown;
export function ownMember<T extends object, K extends keyof T>(object: T, name: K): T[K] | undefined;
export function ownMember(object: object, name: PropertyKey): unknown {
  return Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined;
}

/**
 * Tells whether the value is an object that no class has made: the members of others are not all
 * there is to them.
 */
export function isPlainRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return isRecord(value) && isPlain(value);
}

/** Made by a literal, by `Object.create(null)`, or the same in another realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
