import {
  bigintCodec,
  booleanCodec,
  bytesCodec,
  type Codec,
  dateCodec,
  enumCodec,
  listCodec,
  mapCodec,
  nullableCodec,
  nullCodec,
  numberCodec,
  optionalCodec,
  type PackedReader,
  REST,
  recordCodec,
  restOf,
  setCodec,
  stringCodec,
  UnreadableValue,
  undefinedCodec,
  unknownCodec,
} from "../../../src/index.js";

/** A schema as the vectors have it: what a reader in another language must know of one. */
export type Schema =
  | "string"
  | "number"
  | "bigint"
  | "boolean"
  | "date"
  | "bytes"
  | "null"
  | "undefined"
  | "unknown"
  /** Members by slot; those that were removed are `null`. */
  | { readonly enum: readonly (string | number | null)[] }
  | { readonly list: Schema }
  | { readonly set: Schema }
  /** Key and value. */
  | { readonly map: readonly [Schema, Schema] }
  | { readonly record: Schema }
  /** Slot, name, and schema of each property; and the schema of what lies beside them. */
  | { readonly object: readonly Property[]; readonly rest?: Schema }
  | { readonly tuple: readonly Schema[] }
  /** Slot and schema of each variant. */
  | { readonly union: readonly (readonly [number, Schema])[] }
  | { readonly nullable: Schema }
  | { readonly optional: Schema };

export type Property = readonly [slot: number, name: string, schema: Schema];

const ready = {
  string: stringCodec,
  number: numberCodec,
  bigint: bigintCodec,
  boolean: booleanCodec,
  date: dateCodec,
  bytes: bytesCodec,
  null: nullCodec,
  undefined: undefinedCodec,
  unknown: unknownCodec,
};

/** The codec that would be emitted for the schema, put together from what emitted code is made of. */
export function codecOf(schema: Schema): Codec<unknown> {
  if (typeof schema === "string") return ready[schema] as Codec<unknown>;
  if ("enum" in schema) return enumCodec(schema.enum.map((member) => member ?? undefined)) as Codec<unknown>;
  if ("list" in schema) return listCodec(codecOf(schema.list)) as Codec<unknown>;
  if ("set" in schema) return setCodec(codecOf(schema.set)) as Codec<unknown>;
  if ("map" in schema) return mapCodec(codecOf(schema.map[0]), codecOf(schema.map[1])) as Codec<unknown>;
  if ("record" in schema) return recordCodec(codecOf(schema.record) as Codec<never>, true) as Codec<unknown>;
  if ("nullable" in schema) return nullableCodec(codecOf(schema.nullable));
  if ("optional" in schema) return optionalCodec(codecOf(schema.optional));
  if ("tuple" in schema) return tupleCodec(schema.tuple.map(codecOf));
  if ("union" in schema) return unionCodec(schema.union);
  return objectCodec(schema.object, schema.rest);
}

type Members = Record<string, unknown>;
const noPlain = {
  toPlain(): never {
    throw new TypeError("Only the packed form is looked at");
  },
  fromPlain(): never {
    throw new TypeError("Only the packed form is looked at");
  },
};

function tupleCodec(items: readonly Codec<unknown>[]): Codec<unknown> {
  return {
    ...noPlain,
    write(writer, value) {
      const list = value as readonly unknown[];
      writer.list(list.length);
      for (const [index, item] of items.entries()) item.write(writer, list[index]);
    },
    read(reader) {
      if (reader.list() !== items.length) throw new UnreadableValue("a tuple");
      return items.map((item) => item.read(reader));
    },
  };
}

/** A value of a union says which variant it is: there is no test of values here. */
export class OfVariant {
  readonly slot: number;
  readonly value: unknown;

  constructor(slot: number, value: unknown) {
    this.slot = slot;
    this.value = value;
  }
}

function unionCodec(variants: readonly (readonly [number, Schema])[]): Codec<unknown> {
  const codecs = new Map(variants.map(([slot, schema]) => [slot, codecOf(schema)]));
  return {
    ...noPlain,
    write(writer, given) {
      const { slot, value } = given as OfVariant;
      writer.variant(slot);
      codecs.get(slot)?.write(writer, value);
    },
    read(reader) {
      const slot = reader.variant();
      const codec = codecs.get(slot);
      if (codec === undefined) throw new UnreadableValue("a known variant of the union");
      return new OfVariant(slot, codec.read(reader));
    },
  };
}

/** All of its properties may be absent. */
function objectCodec(properties: readonly Property[], rest: Schema | undefined): Codec<unknown> {
  const isWide = properties.some(([slot]) => slot > 29);
  const bySlot = properties
    .map(([slot, name, schema]) => ({ slot, name, codec: codecOf(schema) }))
    .sort((one, other) => one.slot - other.slot);
  const names = bySlot.map(({ name }) => name);
  const others = rest === undefined ? undefined : codecOf({ record: rest });
  const known = bySlot.reduce((bits, { slot }) => bits | (1 << slot), others === undefined ? 0 : REST);
  const wide = bySlot.map(({ slot }) => slot);
  const begin = (reader: PackedReader): { has(slot: number): boolean; hasRest: boolean } => {
    if (isWide) return reader.wideObject(wide, [], others !== undefined);
    const slots = reader.object(known, 0);
    return { has: (slot) => (slots & (1 << slot)) !== 0, hasRest: (slots & REST) !== 0 };
  };
  return {
    ...noPlain,
    write(writer, value) {
      const members = value as Members;
      const present = bySlot.filter(({ name }) => Object.hasOwn(members, name));
      const extra = others === undefined ? undefined : restOf(members, names);
      const slots = present.map(({ slot }) => slot);
      const bits = slots.reduce((all, slot) => all | (1 << slot), extra === undefined ? 0 : REST);
      const start = isWide ? writer.wideObject(slots, extra !== undefined) : writer.object(bits);
      for (const { name, codec } of present) codec.write(writer, members[name]);
      if (extra !== undefined) others?.write(writer, extra);
      writer.close(members, start);
    },
    read(reader) {
      const slots = begin(reader);
      const members: Members = {};
      for (const { slot, name, codec } of bySlot) if (slots.has(slot)) members[name] = codec.read(reader);
      if (slots.hasRest) Object.assign(members, others?.read(reader));
      return reader.close(members);
    },
  };
}
