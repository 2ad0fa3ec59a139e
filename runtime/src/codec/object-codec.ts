import type { Codec } from "./codec.js";
import { restOf } from "./packed/collections.js";
import type { PlainCodec } from "./plain/codec.js";
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

/**
 * `z.object()`: packed by two functions that are emitted for it, and as plain data member by
 * member.
 * @param members - called when they are first needed, since one may be of the object's own type
 */
export function objectCodec<T extends object>(
  ...[write, read, members]: [...Packed<T>, members: () => Members<T>]
): Codec<T> {
  return openObjectCodec(write, read, () => ({ members: members(), rest: undefined }));
}

/**
 * `z.looseObject()`, and `.catchall()`: the same, with a codec for the members that the schema does
 * not list.
 */
export function openObjectCodec<T extends object>(
  ...[write, read, parts]: [
    ...Packed<T>,
    parts: () => {
      readonly members: Members<T>;
      readonly rest: Codec<{ [key: string]: unknown }> | undefined;
    },
  ]
): Codec<T> {
  let known: ReturnType<typeof look> | undefined;
  const look = () => {
    const { members, rest } = parts();
    const list = Object.entries<Member<unknown>>(members);
    return { list, rest, names: ["$slots", ...list.map(([name]) => name)] };
  };
  return {
    write,
    read,
    toPlain(value, plain) {
      known ??= look();
      const others = known.rest && restOf(value, known.names);
      const object: Record<string, unknown> = others ? Object(known.rest?.toPlain(others, plain)) : {};
      for (const [name, member] of known.list) memberToPlain(object, name, member, value, plain);
      return plain.object(value, object);
    },
    fromPlain(input, plain) {
      known ??= look();
      const object = plain.readObject(input);
      const others = known.rest && restOf(object, known.names);
      const value: Record<string, unknown> = (others && known.rest?.fromPlain(others, plain)) ?? {};
      for (const [name, member] of known.list) {
        try {
          memberFromPlain(value, name, member, object, plain);
        } catch (error) {
          throw thrownIn(name, error);
        }
      }
      return plain.keep(object, value as T);
    },
  };
}

/**
 * `z.discriminatedUnion()`: packed by two functions, and as plain data by the codec of the variant.
 * @param variants - for each value of the discriminator
 */
export function taggedCodec<T extends object>(
  ...[write, read, discriminator, variants]: [
    ...Packed<T>,
    discriminator: string,
    variants: () => readonly (readonly [tag: unknown, codec: Codec<T>])[],
  ]
): Codec<T> {
  let known: ReadonlyMap<unknown, Codec<T>> | undefined;
  const variantOf = (object: object): Codec<T> => {
    known ??= new Map(variants());
    const codec = known.get(Reflect.get(object, discriminator));
    if (codec === undefined) throw new UnreadableValue("a known variant of the union");
    return codec;
  };
  return {
    write,
    read,
    toPlain: (value, plain) => variantOf(value).toPlain(value, plain),
    fromPlain: (input, plain) => variantOf(plain.readObject(input)).fromPlain(input, plain),
  };
}

function memberToPlain(
  plainValue: Record<string, unknown>,
  name: string,
  member: Member<unknown>,
  value: object,
  plain: PlainCodec,
): void {
  const item = memberOf(value, name);
  if ("optional" in member) {
    if (item !== undefined) plainValue[name] = member.optional.toPlain(item, plain);
    else if (name in value && !(name in Object.prototype)) plainValue[name] = plain.undefined();
  } else if ("exact" in member) {
    if (item !== undefined) plainValue[name] = member.exact.toPlain(item, plain);
  } else if ("codec" in member) {
    if (item !== undefined) plainValue[name] = member.codec.toPlain(item, plain);
  } else plainValue[name] = member.toPlain(item, plain);
}

function memberFromPlain(
  value: Record<string, unknown>,
  name: string,
  member: Member<unknown>,
  object: Readonly<Record<string, unknown>>,
  plain: PlainCodec,
): void {
  const item = memberOf(object, name);
  if ("optional" in member) {
    if (!Object.hasOwn(object, name)) return;
    value[name] = plain.isUndefined(item) ? undefined : member.optional.fromPlain(item, plain);
  } else if ("exact" in member) {
    if (item !== undefined) value[name] = member.exact.fromPlain(item, plain);
  } else if ("codec" in member) {
    value[name] = item === undefined ? member.default() : member.codec.fromPlain(item, plain);
  } else value[name] = member.fromPlain(item, plain);
}

/** A member, but for what every object inherits. */
function memberOf(object: object, name: string): unknown {
  return name in Object.prototype && !Object.hasOwn(object, name) ? undefined : Reflect.get(object, name);
}
