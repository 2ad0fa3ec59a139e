import type { Codec } from "../codec.js";
import { type PackedPart, partOf, viewOf } from "../packed/part.js";
import { PackedReader } from "../packed/reader.js";
import type { PackedWriter } from "../packed/writer.js";

/**
 * The packed values of a session's fields by slot, where they are: in the payload that was read, or
 * in bytes of their own where they were written since. Nobody changes one; {@link withAll} makes
 * others.
 */
export class PackedFields implements ReadonlyMap<number, Uint8Array> {
  static readonly none: PackedFields = PackedFields.within(new PackedReader(new Uint8Array()), [], [0]);

  /** Not the reader's source: after a value that cannot be read, that may be another one. */
  declare private readonly payload: Uint8Array;
  /** Of the payload: one for all of its values. */
  declare private readonly reader: PackedReader;
  /** Ascending. */
  declare readonly slots: readonly number[];
  /** Where each value of the payload begins, and where the last one ends. */
  declare private readonly bounds: readonly number[];
  /**
   * For each slot what was written since, or the place of its value in the payload; nothing where
   * all are those of the payload.
   */
  declare private readonly sources: readonly (PackedPart | number)[] | undefined;
  /** Most fields are asked for in the order of their slots. */
  declare private next: number;

  private constructor(
    payload: Uint8Array,
    reader: PackedReader,
    slots: readonly number[],
    bounds: readonly number[],
    sources?: readonly (PackedPart | number)[],
  ) {
    this.payload = payload;
    this.reader = reader;
    this.slots = slots;
    this.bounds = bounds;
    this.sources = sources;
    this.next = 0;
  }

  /**
   * Values that lie in a payload.
   * @param reader - of the payload; nobody else's from now on
   * @param slots - ascending
   * @param bounds - where each of their values begins, and where the last one ends
   */
  static within(reader: PackedReader, slots: readonly number[], bounds: readonly number[]): PackedFields {
    return new PackedFields(reader.source, reader, slots, bounds);
  }

  /** Gives the same values, wherever they come from. */
  static of(fields: ReadonlyMap<number, Uint8Array>): PackedFields {
    return fields instanceof PackedFields ? fields : PackedFields.none.withAll([...fields]);
  }

  get size(): number {
    return this.slots.length;
  }

  has(slot: number): boolean {
    return this.indexOf(slot) !== -1;
  }

  get(slot: number): Uint8Array | undefined {
    const part = this.part(slot);
    return part && viewOf(part);
  }

  /** Tells where the value of a slot is; `undefined` where it is absent. */
  part(slot: number): PackedPart | undefined {
    const index = this.indexOf(slot);
    return index === -1 ? undefined : this.partAt(index);
  }

  private indexOf(slot: number): number {
    const slots = this.slots;
    const next = this.next;
    const index = slots[next] === slot ? next : slots.indexOf(slot);
    this.next = index + 1;
    return index;
  }

  private partAt(index: number): PackedPart {
    const source = this.sources === undefined ? index : (this.sources[index] ?? 0);
    if (typeof source !== "number") return source;
    const bounds = this.bounds;
    return { bytes: this.payload, start: bounds[source] ?? 0, end: bounds[source + 1] ?? 0 };
  }

  /**
   * Reads a field; `undefined` where it is absent.
   * @throws UnreadableValue
   */
  read<T>(slot: number, codec: Codec<T>): T | undefined {
    const index = this.indexOf(slot);
    if (index === -1) return undefined;
    const { bounds, sources } = this;
    const source = sources === undefined ? index : (sources[index] as PackedPart | number);
    let { reader } = this;
    if (typeof source === "number") reader.begin(bounds[source] as number, bounds[source + 1] as number);
    else reader = PackedReader.of(source);
    const value = codec.read(reader);
    reader.end();
    return value;
  }

  /**
   * Tells whether a value that was put in begins with that byte; those that lie in the payload are
   * not looked at.
   */
  hasOwn(first: number): boolean {
    const begins = (source: PackedPart | number): boolean =>
      typeof source !== "number" && source.bytes[source.start] === first;
    return this.sources?.some(begins) ?? false;
  }

  /** Gives these fields with other values; without those that are `undefined`. */
  withAll(
    values: readonly (readonly [slot: number, value: PackedPart | Uint8Array | undefined])[],
  ): PackedFields {
    const { length } = this.slots;
    // Not copied by methods: V8 then learns what such lists come to hold, and begins with it. As
    // long as they get where nothing was there: those that grow are copied on the way.
    const slots = new Array<number>(length === 0 ? values.length : length);
    const sources = new Array<PackedPart | number>(slots.length);
    let count = 0;
    for (; count < length; count += 1) {
      slots[count] = this.slots[count] as number;
      sources[count] = this.sources === undefined ? count : (this.sources[count] as PackedPart | number);
    }
    for (let each = 0; each < values.length; each += 1) {
      // Not destructured: that goes by way of another iterator.
      const entry = values[each] as (typeof values)[number];
      const slot = entry[0];
      const value = entry[1];
      // What is added has the highest slot, most of the time.
      if (value !== undefined && (count === 0 || (slots[count - 1] as number) < slot)) {
        slots[count] = slot;
        sources[count] = partOf(value);
        count += 1;
        continue;
      }
      let index = count;
      while (index > 0 && (slots[index - 1] as number) >= slot) index -= 1;
      const found = index < count && slots[index] === slot ? 1 : 0;
      trim(slots, sources, count);
      if (value === undefined) {
        slots.splice(index, found);
        sources.splice(index, found);
      } else {
        slots.splice(index, found, slot);
        sources.splice(index, found, partOf(value));
      }
      count = slots.length;
    }
    trim(slots, sources, count);
    return new PackedFields(this.payload, this.reader, slots, this.bounds, sources);
  }

  /** Appends all values in the order of their slots. */
  writeTo(writer: PackedWriter): void {
    const { length } = this.slots;
    const bounds = this.bounds;
    if (this.sources === undefined) return writer.rawPart(this.payload, bounds[0] ?? 0, bounds[length] ?? 0);
    for (let index = 0; index < length; ) {
      const { bytes, start, end } = this.partAt(index);
      let last = end;
      // What lies behind one another is copied at once.
      for (index += 1; index < length; index += 1) {
        const next = this.partAt(index);
        if (next.bytes !== bytes || next.start !== last) break;
        last = next.end;
      }
      writer.rawPart(bytes, start, last);
    }
  }

  keys(): MapIterator<number> {
    return this.slots.values();
  }

  *values(): MapIterator<Uint8Array> {
    for (const index of this.slots.keys()) yield viewOf(this.partAt(index));
  }

  *entries(): MapIterator<[number, Uint8Array]> {
    for (const [index, slot] of this.slots.entries()) yield [slot, viewOf(this.partAt(index))];
  }

  [Symbol.iterator](): MapIterator<[number, Uint8Array]> {
    return this.entries();
  }

  forEach(callback: (bytes: Uint8Array, slot: number, fields: PackedFields) => void): void {
    for (const [slot, bytes] of this) callback(bytes, slot, this);
  }
}

function trim(slots: number[], sources: unknown[], count: number): void {
  // Even as long as they are already, native code would look at them.
  if (slots.length === count) return;
  slots.length = count;
  sources.length = count;
}

/** Tells where the value of a slot is, whatever holds it. */
export function partAt(fields: ReadonlyMap<number, Uint8Array>, slot: number): PackedPart | undefined {
  if (fields instanceof PackedFields) return fields.part(slot);
  const bytes = fields.get(slot);
  return bytes && partOf(bytes);
}

/**
 * Gives the fields of a record as they lie in its payload; `undefined` where they came otherwise.
 */
export function payloadOf(
  record: { readonly fields: ReadonlyMap<number, Uint8Array> } | undefined,
): PackedFields | undefined {
  return record?.fields instanceof PackedFields ? record.fields : undefined;
}
