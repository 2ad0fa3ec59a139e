import type { PackedWriter } from "../packed/writer.js";

/**
 * The packed values of a session's fields by slot, where they are: in the payload that was read, or
 * where they were written. Nobody changes one; {@link with} makes another.
 */
export class PackedFields implements ReadonlyMap<number, Uint8Array> {
  /** Ascending; the lists beside it have an element for each. */
  readonly #slots: readonly number[];
  readonly #sources: readonly Uint8Array[];
  readonly #starts: readonly number[];
  readonly #ends: readonly number[];

  private constructor(
    slots: readonly number[],
    sources: readonly Uint8Array[],
    starts: readonly number[],
    ends: readonly number[],
  ) {
    this.#slots = slots;
    this.#sources = sources;
    this.#starts = starts;
    this.#ends = ends;
  }

  /**
   * Values that lie behind one another.
   * @param slots - ascending
   * @param bounds - where each value begins, and where the last one ends
   */
  static within(source: Uint8Array, slots: readonly number[], bounds: readonly number[]): PackedFields {
    return new PackedFields(
      slots,
      slots.map(() => source),
      bounds,
      bounds.slice(1),
    );
  }

  /** The same values, wherever they come from. */
  static of(fields: Iterable<readonly [number, Uint8Array]>): PackedFields {
    if (fields instanceof PackedFields) return fields;
    const sorted = [...fields].sort(([one], [other]) => one - other);
    const sources = sorted.map(([, bytes]) => bytes);
    return new PackedFields(
      sorted.map(([slot]) => slot),
      sources,
      sources.map(() => 0),
      sources.map(({ length }) => length),
    );
  }

  get size(): number {
    return this.#slots.length;
  }

  /** The highest slot; -1 where there is none. */
  get last(): number {
    return this.#slots[this.#slots.length - 1] ?? -1;
  }

  has(slot: number): boolean {
    return this.#slots.includes(slot);
  }

  get(slot: number): Uint8Array | undefined {
    const index = this.#slots.indexOf(slot);
    return index === -1 ? undefined : this.#view(index);
  }

  /** These fields with another value; without a value where there is none. */
  with(slot: number, bytes: Uint8Array | undefined): PackedFields {
    const slots = [...this.#slots];
    const sources = [...this.#sources];
    const starts = [...this.#starts];
    const ends = [...this.#ends];
    let index = 0;
    while ((slots[index] ?? slot) < slot) index += 1;
    const count = slots[index] === slot ? 1 : 0;
    if (bytes === undefined) for (const list of [slots, sources, starts, ends]) list.splice(index, count);
    else {
      slots.splice(index, count, slot);
      sources.splice(index, count, bytes);
      starts.splice(index, count, 0);
      ends.splice(index, count, bytes.length);
    }
    return new PackedFields(slots, sources, starts, ends);
  }

  /** Appends all values in the order of their slots. */
  writeTo(writer: PackedWriter): void {
    const { length } = this.#slots;
    for (let index = 0; index < length; index += 1) {
      const source = this.#sources[index] as Uint8Array;
      const start = this.#starts[index] ?? 0;
      // What lies behind one another is copied at once.
      while (
        index + 1 < length &&
        this.#sources[index + 1] === source &&
        this.#starts[index + 1] === this.#ends[index]
      )
        index += 1;
      writer.rawPart(source, start, this.#ends[index] ?? 0);
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
    return (this.#sources[index] as Uint8Array).subarray(this.#starts[index], this.#ends[index]);
  }
}
