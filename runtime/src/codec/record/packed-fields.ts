import type { Codec } from "../codec.js";
import { PackedReader } from "../packed/reader.js";
import type { PackedWriter } from "../packed/writer.js";

/**
 * The packed values of a session's fields by slot, where they are: in the payload that was read, or
 * in bytes of their own where they were written since. Nobody changes one; {@link withAll} makes
 * others.
 */
export class PackedFields implements ReadonlyMap<number, Uint8Array> {
  static readonly none: PackedFields = new PackedFields(
    new PackedReader(new Uint8Array()),
    [],
    [],
    undefined,
  );

  /** Of the payload: one for all of its values. */
  readonly #reader: PackedReader;
  /** Ascending. */
  readonly #slots: readonly number[];
  /** For each of them where its value begins in the payload, and where it ends. */
  readonly #bounds: readonly number[];
  /** For each of them the bytes of its own, if there are any. */
  readonly #own: readonly (Uint8Array | undefined)[] | undefined;

  private constructor(
    reader: PackedReader,
    slots: readonly number[],
    bounds: readonly number[],
    own: readonly (Uint8Array | undefined)[] | undefined,
  ) {
    this.#reader = reader;
    this.#slots = slots;
    this.#bounds = bounds;
    this.#own = own;
  }

  /**
   * Values that lie in a payload.
   * @param reader - of the payload; nobody else's from now on
   * @param slots - ascending
   * @param bounds - for each of them where its value begins, and where it ends
   */
  static within(reader: PackedReader, slots: readonly number[], bounds: readonly number[]): PackedFields {
    return new PackedFields(reader, slots, bounds, undefined);
  }

  /** Gives the same values, wherever they come from. */
  static of(fields: ReadonlyMap<number, Uint8Array>): PackedFields {
    return fields instanceof PackedFields ? fields : PackedFields.none.withAll(fields);
  }

  get size(): number {
    return this.#slots.length;
  }

  /** Ascending. */
  get slots(): readonly number[] {
    return this.#slots;
  }

  has(slot: number): boolean {
    return this.#slots.includes(slot);
  }

  get(slot: number): Uint8Array | undefined {
    const index = this.#indexOf(slot);
    return index === -1 ? undefined : this.#view(index);
  }

  #indexOf(slot: number): number {
    // Where all are present, it is the slot.
    return this.#slots[slot] === slot ? slot : this.#slots.indexOf(slot);
  }

  /**
   * Reads a field; `undefined` where it is absent.
   * @throws UnreadableValue
   */
  read<T>(slot: number, codec: Codec<T>): T | undefined {
    const index = this.#indexOf(slot);
    if (index === -1) return undefined;
    const own = this.#own?.[index];
    const reader = own === undefined ? this.#reader : new PackedReader(own);
    reader.begin(this.#bounds[index * 2] ?? 0, this.#bounds[index * 2 + 1] ?? 0);
    const value = codec.read(reader);
    reader.end();
    return value;
  }

  /**
   * Tells whether a value that was put in begins with that byte; those that lie in the payload are
   * not looked at.
   */
  hasOwn(first: number): boolean {
    return this.#own?.some((bytes) => bytes !== undefined && bytes[0] === first) ?? false;
  }

  /** Gives these fields with other values; without those that are `undefined`. */
  withAll(values: Iterable<readonly [slot: number, bytes: Uint8Array | undefined]>): PackedFields {
    const slots = this.#slots.slice();
    const bounds = this.#bounds.slice();
    const own = this.#own?.slice() ?? slots.map(() => undefined);
    for (const [slot, bytes] of values) {
      // From behind: what is added has the highest slot, most of the time.
      let index = slots.length;
      while (index > 0 && (slots[index - 1] ?? 0) >= slot) index -= 1;
      const count = slots[index] === slot ? 1 : 0;
      if (bytes === undefined) {
        slots.splice(index, count);
        bounds.splice(index * 2, count * 2);
        own.splice(index, count);
      } else if (index === slots.length) {
        slots.push(slot);
        bounds.push(0, bytes.length);
        own.push(bytes);
      } else {
        slots.splice(index, count, slot);
        bounds.splice(index * 2, count * 2, 0, bytes.length);
        own.splice(index, count, bytes);
      }
    }
    return new PackedFields(this.#reader, slots, bounds, own);
  }

  /** Appends all values in the order of their slots. */
  writeTo(writer: PackedWriter): void {
    const bounds = this.#bounds;
    const { length } = this.#slots;
    for (let index = 0; index < length; index += 1) {
      const own = this.#own?.[index];
      const start = bounds[index * 2] ?? 0;
      if (own === undefined) {
        // What lies behind one another is copied at once.
        while (bounds[index * 2 + 1] === bounds[index * 2 + 2] && this.#own?.[index + 1] === undefined)
          index += 1;
      }
      writer.rawPart(own ?? this.#reader.source, start, bounds[index * 2 + 1] ?? 0);
    }
  }

  keys(): MapIterator<number> {
    return this.#slots.values();
  }

  *values(): MapIterator<Uint8Array> {
    for (let index = 0; index < this.#slots.length; index += 1) yield this.#view(index);
  }

  *entries(): MapIterator<[number, Uint8Array]> {
    for (const [index, slot] of this.#slots.entries()) yield [slot, this.#view(index)];
  }

  [Symbol.iterator](): MapIterator<[number, Uint8Array]> {
    return this.entries();
  }

  forEach(callback: (bytes: Uint8Array, slot: number, fields: PackedFields) => void): void {
    for (const [slot, bytes] of this) callback(bytes, slot, this);
  }

  #view(index: number): Uint8Array {
    const own = this.#own?.[index];
    return own ?? this.#reader.source.subarray(this.#bounds[index * 2], this.#bounds[index * 2 + 1]);
  }
}
