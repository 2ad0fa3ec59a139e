import type { Codec } from "./codec.js";
import { literal, plainMember } from "./packed/collections.js";
import { keyOf, objectOf, plainKey } from "./plain/tagged.js";
import { calledNow, type Renamed, storedAs } from "./renamed.js";
import { readItems, thrownIn, UnreadableValue } from "./unreadable.js";

/** `z.string()` of any format, UUIDs among them. */
export const stringCodec: Codec<string> = {
  write: (writer, value) => writer.string(value),
  read: (reader) => reader.string(),
  toPlain: (value) => value,
  fromPlain: (value, plain) => plain.readString(value),
};

/** `z.number()` and `z.int()`. */
export const numberCodec: Codec<number> = {
  write: (writer, value) => writer.number(value),
  read: (reader) => reader.number(),
  toPlain: (value, plain) => plain.number(value),
  fromPlain: (value, plain) => plain.readNumber(value),
};

/** `z.bigint()`. */
export const bigintCodec: Codec<bigint> = {
  write: (writer, value) => writer.bigint(value),
  read: (reader) => reader.bigint(),
  toPlain: (value, plain) => plain.bigint(value),
  fromPlain: (value, plain) => plain.readBigint(value),
};

/** `z.boolean()`. */
export const booleanCodec: Codec<boolean> = {
  write: (writer, value) => writer.boolean(value),
  read: (reader) => reader.boolean(),
  toPlain: (value) => value,
  fromPlain: (value, plain) => plain.readBoolean(value),
};

/** `z.date()`. */
export const dateCodec: Codec<Date> = {
  write: (writer, value) => writer.date(value),
  read: (reader) => reader.date(),
  toPlain: (value, plain) => plain.date(value),
  fromPlain: (value, plain) => plain.readDate(value),
};

/** `z.instanceof(Uint8Array)`. */
export const bytesCodec: Codec<Uint8Array> = {
  write: (writer, value) => writer.bytes(value),
  read: (reader) => reader.bytes(),
  toPlain: (value, plain) => plain.bytes(value),
  fromPlain: (value, plain) => plain.readBytes(value),
};

/** `z.instanceof(Buffer)`, which only Node has. */
export const bufferCodec: Codec<Buffer> = {
  write: (writer, value) => writer.bytes(value),
  read: (reader) => reader.buffer(),
  toPlain: (value, plain) => plain.bytes(value),
  fromPlain: (value, plain) => plain.readBuffer(value),
};

/** `z.null()`. */
export const nullCodec: Codec<null> = {
  write: (writer) => writer.nil(),
  read: (reader) => reader.nil(),
  toPlain: () => null,
  fromPlain: (value, plain) => plain.readNull(value),
};

/** `z.undefined()`. */
export const undefinedCodec: Codec<undefined> = {
  write: (writer) => writer.undefined(),
  read: (reader) => reader.undefined(),
  toPlain: (_, plain) => plain.undefined(),
  fromPlain: (value, plain) => {
    if (!plain.isUndefined(value)) throw new UnreadableValue("undefined");
  },
};

/** `z.unknown()` and `z.any()`: whatever plain data can hold. */
export const unknownCodec: Codec<unknown> = {
  write: (writer, value) => writer.unknown(value),
  read: (reader) => reader.unknown(),
  toPlain: (value, plain) => plain.unknown(value),
  fromPlain: (value, plain) => plain.readUnknown(value),
};

/**
 * Makes the codec of `z.enum()`.
 * @param members - by slot; those that were removed are `undefined`
 * @param renamed - those that documents call otherwise
 */
export function enumCodec<const T>(
  members: readonly T[],
  renamed: Renamed<Exclude<T, undefined>> = [],
): Codec<Exclude<T, undefined>> {
  return {
    write: (writer, value) => writer.member(value, members),
    read: (reader) => reader.member(members),
    toPlain: (value) => storedAs(value, renamed),
    fromPlain: (value) => plainMember(calledNow(value, renamed), members),
  };
}

/**
 * Makes the codec of `z.literal()`.
 * @param renamed - those that are stored as something else
 */
export function literalCodec<const T>(literals: readonly T[], renamed: Renamed<T> = []): Codec<T> {
  // Their bytes are compared: making a text of them takes longer.
  const texts = renamed.length === 0 ? literals.filter(isShortAscii) : [];
  return {
    write: (writer, value) => writer.unknown(storedAs(value, renamed)),
    read(reader) {
      for (let index = 0; index < texts.length; index += 1) {
        const text = texts[index] as T & string;
        if (reader.tryText(text)) return text;
      }
      const value = reader.isText() ? reader.key() : reader.unknown();
      return literal(calledNow(value, renamed), literals);
    },
    toPlain: (value, plain) => plain.unknown(storedAs(value, renamed)),
    fromPlain: (value, plain) => literal(calledNow(plain.readUnknown(value), renamed), literals),
  };
}

function isShortAscii<T>(value: T): value is T & string {
  return typeof value === "string" && /^[\0-\x7f]{0,31}$/.test(value);
}

/** Makes the codec of `z.array()`. */
export function listCodec<T>(item: Codec<T>): Codec<T[]> {
  return {
    write(writer, list) {
      writer.list(list.length);
      for (let index = 0; index < list.length; index += 1) item.write(writer, list[index] as T);
    },
    read(reader) {
      const length = reader.list();
      const list = new Array<T>(length);
      for (let index = 0; index < length; index += 1) list[index] = item.read(reader);
      return list;
    },
    toPlain: (list, plain) => list.map((one) => item.toPlain(one, plain)),
    fromPlain: (value, plain) => readItems(plain.readArray(value), (one) => item.fromPlain(one, plain)),
  };
}

/** Makes the codec of `z.set()`. */
export function setCodec<T>(item: Codec<T>): Codec<Set<T>> {
  return {
    write(writer, set) {
      writer.list(set.size);
      for (const one of set) item.write(writer, one);
    },
    read(reader) {
      const set = new Set<T>();
      for (let left = reader.list(); left > 0; left -= 1) set.add(item.read(reader));
      return set;
    },
    toPlain: (set, plain) => Array.from(set, (one) => item.toPlain(one, plain)),
    fromPlain: (value, plain) =>
      new Set(readItems(plain.readArray(value), (one) => item.fromPlain(one, plain))),
  };
}

/**
 * Makes the codec of `z.tuple()`.
 * @param required - so many items must be there; of the others, those at the end may be missing
 * @param rest - of what follows the items
 */
export function tupleCodec<T extends readonly unknown[]>(
  items: { readonly [K in keyof T]: Codec<T[K]> },
  required: number = items.length,
  rest?: Codec<unknown>,
): Codec<T> {
  const fits = (length: number): boolean =>
    length >= required && (rest !== undefined || length <= items.length);
  /** An item, which is `undefined` only where it could be missing. */
  const codecs: readonly Codec<unknown>[] = items.map((item: Codec<unknown>, index) =>
    index < required ? item : optionalCodec(item),
  );
  const codecAt = (index: number): Codec<unknown> => {
    const codec = codecs[index] ?? rest;
    if (codec === undefined) throw new UnreadableValue("a tuple");
    return codec;
  };
  return {
    write(writer, tuple) {
      writer.list(tuple.length);
      for (let index = 0; index < tuple.length; index += 1) codecAt(index).write(writer, tuple[index]);
    },
    read(reader) {
      const length = reader.list();
      if (!fits(length)) throw new UnreadableValue("a tuple");
      const tuple: unknown[] = [];
      for (let index = 0; index < length; index += 1) tuple.push(codecAt(index).read(reader));
      return tuple as readonly unknown[] as T;
    },
    toPlain: (tuple, plain) => tuple.map((item, index) => codecAt(index).toPlain(item, plain)),
    fromPlain(value, plain) {
      const list = plain.readArray(value);
      if (!fits(list.length)) throw new UnreadableValue("a tuple");
      const tuple = readItems(list, (item, index) => codecAt(index).fromPlain(item, plain));
      return tuple as readonly unknown[] as T;
    },
  };
}

/** Makes the codec of `z.map()`. */
export function mapCodec<K, V>(key: Codec<K>, item: Codec<V>): Codec<Map<K, V>> {
  return {
    write(writer, map) {
      writer.map(map.size);
      for (const [name, one] of map) {
        key.write(writer, name);
        item.write(writer, one);
      }
    },
    read(reader) {
      const map = new Map<K, V>();
      for (let left = reader.map(); left > 0; left -= 1) map.set(key.read(reader), item.read(reader));
      return map;
    },
    toPlain: (map, plain) =>
      Array.from(map, ([name, one]) => [key.toPlain(name, plain), item.toPlain(one, plain)]),
    fromPlain(value, plain) {
      const pairs = readItems(plain.readArray(value), (pair) => {
        const [name, one] = plain.readArray(pair);
        return [key.fromPlain(name, plain), item.fromPlain(one, plain)] as const;
      });
      return new Map(pairs);
    },
  };
}

/**
 * Makes the codec of `z.record()`.
 * @param keepsUndefined - members that are `undefined` are stored, not left out: the schema of the
 *   values allows them
 */
export function recordCodec<R extends object>(item: Codec<R[keyof R]>, keepsUndefined = false): Codec<R> {
  const entriesOf = (record: R): [string, R[keyof R]][] => {
    const entries = Object.entries(record);
    return keepsUndefined ? entries : entries.filter(([, one]) => one !== undefined);
  };
  return {
    write(writer, record) {
      const keys = Object.keys(record) as (keyof R & string)[];
      const present = keepsUndefined ? keys : keys.filter((key) => record[key] !== undefined);
      writer.map(present.length);
      for (const key of present) {
        writer.text(key);
        item.write(writer, record[key]);
      }
    },
    read(reader) {
      const record: Record<string, unknown> = {};
      for (let left = reader.map(); left > 0; left -= 1) {
        const key = reader.key();
        if (key === "__proto__") throw new UnreadableValue("a key other than __proto__");
        record[key] = item.read(reader);
      }
      return record as R;
    },
    toPlain: (record, plain) =>
      objectOf(entriesOf(record).map(([key, one]) => [plainKey(key), item.toPlain(one, plain)])),
    fromPlain: (value, plain) =>
      objectOf(
        Object.entries(plain.readObject(value)).map(([key, one]) => {
          try {
            return [keyOf(key), item.fromPlain(one, plain)];
          } catch (error) {
            throw thrownIn(key, error);
          }
        }),
      ) as R,
  };
}

/**
 * Makes a record some of whose keys are stored as what they were called before.
 * @param record - the codec of the same record without that
 */
export function renamedKeysCodec<R extends object>(record: Codec<R>, renamed: Renamed<string>): Codec<R> {
  const withKeys = (value: object, key: (key: string) => unknown): R =>
    objectOf(Object.entries(value).map(([name, item]) => [String(key(name)), item])) as R;
  const stored = (value: R): R => withKeys(value, (key) => storedAs(key, renamed));
  const now = (value: R): R => withKeys(value, (key) => calledNow(key, renamed));
  return {
    write: (writer, value) => record.write(writer, stored(value)),
    read: (reader) => now(record.read(reader)),
    toPlain: (value, plain) => record.toPlain(stored(value), plain),
    fromPlain: (value, plain) => now(record.fromPlain(value, plain)),
  };
}

/** Makes the codec of `.nullable()`. */
export function nullableCodec<T>(inner: Codec<T>): Codec<T | null> {
  return {
    write(writer, value) {
      if (value === null) writer.nil();
      else inner.write(writer, value);
    },
    read: (reader) => (reader.tryNil() ? null : inner.read(reader)),
    toPlain: (value, plain) => (value === null ? null : inner.toPlain(value, plain)),
    fromPlain: (value, plain) => (value === null ? null : inner.fromPlain(value, plain)),
  };
}

/** Makes the codec of `.optional()` where there is no property to be absent, as within lists. */
export function optionalCodec<T>(inner: Codec<T>): Codec<T | undefined> {
  return {
    write(writer, value) {
      if (value === undefined) writer.undefined();
      else inner.write(writer, value);
    },
    read: (reader) => (reader.tryUndefined() ? undefined : inner.read(reader)),
    toPlain: (value, plain) => (value === undefined ? plain.undefined() : inner.toPlain(value, plain)),
    fromPlain: (value, plain) => (plain.isUndefined(value) ? undefined : inner.fromPlain(value, plain)),
  };
}

/**
 * Makes the codec of `z.lazy()` of what is no object: depth is counted, which objects do by
 * themselves.
 */
export function lazyCodec<T>(codec: () => Codec<T>): Codec<T> {
  return {
    write: (writer, value) => codec().write(writer, value),
    read(reader) {
      reader.enter();
      const value = codec().read(reader);
      reader.leave();
      return value;
    },
    toPlain: (value, plain) => codec().toPlain(value, plain),
    fromPlain: (value, plain) => codec().fromPlain(value, plain),
  };
}
