import type { Codec } from "./codec.js";
import { restOf } from "./packed/collections.js";
import type { PlainCodec } from "./plain/codec.js";
import { calledNow, type Renamed } from "./renamed.js";
import { thrownIn, UnreadableValue } from "./unreadable.js";

/** How a member of an object is stored. */
export type Member<T> =
  | Codec<T>
  /** It may be absent, or `undefined`. */
  | { readonly optional: Codec<[Exclude<T, undefined>] extends [never] ? undefined : Exclude<T, undefined>> }
  /** It may be absent, and is never `undefined`. */
  | { readonly exact: Codec<T> }
  /** Where nothing is stored, there is this. */
  | { readonly codec: Codec<T>; default(): T };

/** The members of an object that its schema lists. */
export type Members<T> = {
  readonly [K in keyof T as string extends K ? never : number extends K ? never : K]-?: Member<T[K]>;
};

type Packed<T> = [write: Codec<T>["write"], read: Codec<T>["read"]];

/** What documents call members that were called otherwise before: see {@link Renamed}. */
export type StoredMembers = Readonly<Record<string, readonly [string, ...string[]]>>;

/**
 * Makes the codec of `z.object()`: packed by two functions that are emitted for it, and as plain
 * data member by member.
 * @param members - called when they are first needed, since one may be of the object's own type
 * @param stored - by name, what documents call it instead
 */
export function objectCodec<T extends object>(
  ...[write, read, members, stored]: [...Packed<T>, members: () => Members<T>, stored?: StoredMembers]
): Codec<T> {
  return openObjectCodec(write, read, () => ({ members: members(), rest: undefined }), stored);
}

/**
 * Makes the codec of `z.looseObject()`, and `.catchall()`: the same, with a codec for the members
 * that the schema does not list.
 */
export function openObjectCodec<T extends object>(
  ...[write, read, parts, stored = {}]: [
    ...Packed<T>,
    parts: () => {
      readonly members: Members<T>;
      readonly rest: Codec<{ [key: string]: unknown }> | undefined;
    },
    stored?: StoredMembers,
  ]
): Codec<T> {
  let known: ReturnType<typeof look> | undefined;
  const look = () => {
    const { members, rest } = parts();
    const list = Object.entries<Member<unknown>>(members).map(
      ([name, member]) => ({ name, member, stored: storedAt(stored, name) }) as const,
    );
    return {
      list,
      rest,
      names: ["$slots", ...list.map(({ name }) => name)],
      storedNames: new Set(["$slots", ...list.flatMap((one) => one.stored)]),
    };
  };
  return {
    write,
    read,
    toPlain(value, plain) {
      known ??= look();
      const others = known.rest && restOf(value, known.names);
      const object: Record<string, unknown> = others ? Object(known.rest?.toPlain(others, plain)) : {};
      for (const { name, member, stored } of known.list)
        memberToPlain(object, stored[0], name, member, value, plain);
      return plain.object(value, object);
    },
    fromPlain(input, plain) {
      known ??= look();
      const object = plain.readObject(input);
      const others = known.rest && restOf(object, [...known.storedNames]);
      const value: Record<string, unknown> = (others && known.rest?.fromPlain(others, plain)) ?? {};
      for (const { name, member, stored } of known.list) {
        try {
          memberFromPlain(value, name, member, presentOf(stored, object), object, plain);
        } catch (error) {
          throw thrownIn(name, error);
        }
      }
      return plain.keep(object, value as T, known.rest === undefined ? known.storedNames : undefined);
    },
  };
}

/**
 * Makes the codec of `z.discriminatedUnion()`: packed by two functions, and as plain data by the
 * codec of the variant.
 * @param variants - for each value of the discriminator
 */
export function taggedCodec<T extends object>(
  ...[write, read, discriminator, variants, stored = { names: [discriminator], tags: [] }]: [
    ...Packed<T>,
    discriminator: string,
    variants: () => readonly (readonly [tag: unknown, codec: Codec<T>])[],
    stored?: StoredTag,
  ]
): Codec<T> {
  let known: ReadonlyMap<unknown, Codec<T>> | undefined;
  const variantOf = (tag: unknown): Codec<T> => {
    known ??= new Map(variants());
    const codec = known.get(tag);
    if (codec === undefined) throw new UnreadableValue("a known variant of the union");
    return codec;
  };
  return {
    write,
    read,
    toPlain: (value, plain) => variantOf(Reflect.get(value, discriminator)).toPlain(value, plain),
    fromPlain(input, plain) {
      const object = plain.readObject(input);
      const tag: unknown = Reflect.get(object, presentOf(stored.names, object));
      return variantOf(calledNow(tag, stored.tags)).fromPlain(input, plain);
    },
  };
}

/** What documents call the discriminator of a union, and its values that were called otherwise. */
export interface StoredTag {
  readonly names: readonly [string, ...string[]];
  readonly tags: Renamed<unknown>;
}

/** The first of the names that the object has; the first of all where it has none. */
function presentOf(names: readonly [string, ...string[]], object: object): string {
  const [first] = names;
  if (names.length === 1) return first;
  return names.find((name) => Object.hasOwn(object, name)) ?? first;
}

function memberToPlain(
  plainValue: Record<string, unknown>,
  stored: string,
  name: string,
  member: Member<unknown>,
  value: object,
  plain: PlainCodec,
): void {
  const item = memberOf(value, name);
  if ("optional" in member) {
    if (item !== undefined) plainValue[stored] = member.optional.toPlain(item, plain);
    else if (name in value && !(name in Object.prototype)) plainValue[stored] = plain.undefined();
  } else if ("exact" in member) {
    if (item !== undefined) plainValue[stored] = member.exact.toPlain(item, plain);
  } else if ("codec" in member) {
    if (item !== undefined) plainValue[stored] = member.codec.toPlain(item, plain);
  } else plainValue[stored] = member.toPlain(item, plain);
}

function memberFromPlain(
  value: Record<string, unknown>,
  name: string,
  member: Member<unknown>,
  stored: string,
  object: Readonly<Record<string, unknown>>,
  plain: PlainCodec,
): void {
  const item = memberOf(object, stored);
  if ("optional" in member) {
    if (!Object.hasOwn(object, stored)) return;
    value[name] = plain.isUndefined(item) ? undefined : member.optional.fromPlain(item, plain);
  } else if ("exact" in member) {
    // A version may have stored `undefined` by whose schema it could be.
    if (!plain.isUndefined(item)) value[name] = member.exact.fromPlain(item, plain);
  } else if ("codec" in member) {
    value[name] = plain.isUndefined(item) ? member.default() : member.codec.fromPlain(item, plain);
  } else value[name] = member.fromPlain(item, plain);
}

/** What documents call a member. */
function storedAt(stored: StoredMembers, name: string): readonly [string, ...string[]] {
  return (Object.hasOwn(stored, name) ? stored[name] : undefined) ?? [name];
}

/** A member, but for what every object inherits. */
function memberOf(object: object, name: string): unknown {
  return name in Object.prototype && !Object.hasOwn(object, name) ? undefined : Reflect.get(object, name);
}
