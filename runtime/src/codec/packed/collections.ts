import type { PlainCodec } from "../plain/codec.js";
import { keyOf, objectOf } from "../plain/tagged.js";
import { UnreadableValue } from "../unreadable.js";
import type { PackedReader } from "./reader.js";

/** Reads a packed list. */
export function readList<T>(reader: PackedReader, read: () => T): T[] {
  const length = reader.list();
  const items: T[] = [];
  for (let index = 0; index < length; index += 1) items.push(read());
  return items;
}

/** Reads a packed set. */
export function readSet<T>(reader: PackedReader, read: () => T): Set<T> {
  return new Set(readList(reader, read));
}

/** Reads a packed map. */
export function readMap<K, V>(reader: PackedReader, readKey: () => K, readValue: () => V): Map<K, V> {
  const size = reader.map();
  const map = new Map<K, V>();
  for (let index = 0; index < size; index += 1) map.set(readKey(), readValue());
  return map;
}

/**
 * Reads a packed record. Its keys are text on the wire; the check of the field has seen to it that
 * they fit `R`.
 */
export function readRecord<R extends object>(reader: PackedReader, read: () => R[keyof R]): R {
  const size = reader.map();
  const entries: [string, R[keyof R]][] = [];
  for (let index = 0; index < size; index += 1) entries.push([reader.string(), read()]);
  return objectOf(entries) as R;
}

/** The members of a record, without those that are `undefined`. */
export function entriesOf<T>(
  record: { readonly [key: string]: T | undefined } | { readonly [key: number]: T | undefined },
): [string, T][] {
  return Object.entries<T | undefined>(record).filter(
    (entry): entry is [string, T] => entry[1] !== undefined,
  );
}

/**
 * The members of an object that its schema does not list; `undefined` where there are none. What
 * their type is was checked, or will be when they are read.
 */
export function restOf<T>(object: object, known: readonly string[]): { [key: string]: T } | undefined {
  const entries: [string, T][] = Object.entries(object).filter(([key]) => !known.includes(key));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The members of an object that its schema does not list. */
export function extraEntries(object: object, known: readonly string[]): [string, unknown][] {
  return Object.entries(object).filter(([key]) => !known.includes(key));
}

/** Reads a member of an enum by its slot; slots of members that were removed hold `undefined`. */
export function readMember<T>(reader: PackedReader, members: readonly T[]): Exclude<T, undefined> {
  const member = members[reader.int()];
  if (member === undefined) throw new UnreadableValue("a member of the enum");
  return member as Exclude<T, undefined>;
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

/** Reads pairs, the plain form of a map. */
export function plainPairs(value: unknown, plain: PlainCodec): (readonly [unknown, unknown])[] {
  return plain.readArray(value).map((pair) => {
    const [key, item] = plain.readArray(pair);
    return [key, item] as const;
  });
}

/** Reads the plain form of a record. */
export function plainRecord<R extends object>(
  value: unknown,
  plain: PlainCodec,
  read: (item: unknown) => R[keyof R],
): R {
  return objectOf(
    Object.entries(plain.readObject(value)).map(([key, item]) => [keyOf(key), read(item)] as const),
  ) as R;
}
