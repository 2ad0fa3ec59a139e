import { tag } from "../plain/tagged.js";

const utf8 = new TextEncoder();
const undefinedExtension = Uint8Array.of(0xd4, 0, 0);
/** In bytes: what callers write into, one after the other, as into Node's own pool of buffers. */
const POOL = 8192;
const canonicalUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Appends MessagePack to a growing buffer; emitted codecs call it in a straight line. Every value
 * has one encoding, the shortest, so equal values are equal bytes: changes are found by comparing
 * them.
 *
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export class PackedWriter {
  #bytes: Uint8Array;
  #view: DataView;
  /** What lies before was taken. */
  #start = 0;
  #end = 0;

  /**
   * @param capacity - bytes to begin with; when they are used up there is a larger buffer, or
   *   another one
   */
  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /**
   * What was written; the writer goes on behind it. Nobody else writes there, but the buffer holds
   * other bytes, too: who keeps these for longer than a request copies them. Copied here they would
   * cost more than all the rest.
   */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return taken;
  }

  nil(): void {
    this.#byte(0xc0);
  }

  /** `undefined` as msgpackr writes it: extension 0 with one byte. */
  undefined(): void {
    this.raw(undefinedExtension);
  }

  boolean(value: boolean): void {
    this.#byte(value ? 0xc3 : 0xc2);
  }

  /**
   * A safe integer other than -0 in the shortest integer form, every other number as a 64-bit
   * float.
   */
  number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return this.int(value);
    this.#float(value);
  }

  #float(value: number): void {
    const at = this.#grow(9);
    this.#bytes[at] = 0xcb;
    this.#view.setFloat64(at + 1, value);
  }

  /** A safe integer. */
  int(value: number): void {
    if (value >= 0) return this.#uint(value);
    if (value >= -32) return this.#byte(value + 256);
    if (value >= -0x80) {
      const at = this.#grow(2);
      this.#bytes[at] = 0xd0;
      this.#view.setInt8(at + 1, value);
    } else if (value >= -0x8000) {
      const at = this.#grow(3);
      this.#bytes[at] = 0xd1;
      this.#view.setInt16(at + 1, value);
    } else if (value >= -0x8000_0000) {
      const at = this.#grow(5);
      this.#bytes[at] = 0xd2;
      this.#view.setInt32(at + 1, value);
    } else {
      const at = this.#grow(9);
      this.#bytes[at] = 0xd3;
      this.#view.setBigInt64(at + 1, BigInt(value));
    }
  }

  /** As a 64-bit integer if it fits, otherwise as its decimal digits. */
  bigint(value: bigint): void {
    if (value >= 0n && value < 1n << 64n) {
      const at = this.#grow(9);
      this.#bytes[at] = 0xcf;
      this.#view.setBigUint64(at + 1, value);
    } else if (value < 0n && value >= -(1n << 63n)) {
      const at = this.#grow(9);
      this.#bytes[at] = 0xd3;
      this.#view.setBigInt64(at + 1, value);
    } else {
      this.string(value.toString());
    }
  }

  /** Lone surrogates, which UTF-8 cannot hold, become U+FFFD. */
  string(value: string): void {
    // The header's size depends on the length in bytes, which for short ASCII is the length of the
    // string.
    const { length } = value;
    if (length < 32) {
      const start = this.#grow(1 + length);
      let index = 0;
      for (; index < length; index += 1) {
        const code = value.charCodeAt(index);
        if (code > 0x7f) break;
        this.#bytes[start + 1 + index] = code;
      }
      if (index === length) {
        this.#bytes[start] = 0xa0 | length;
        return;
      }
      this.#end = start;
    }
    const encoded = utf8.encode(value);
    this.#header(encoded.length, 0xa0, 31, 0xd9, 0xda, 0xdb);
    this.raw(encoded);
  }

  bytes(value: Uint8Array): void {
    this.#header(value.length, 0, -1, 0xc4, 0xc5, 0xc6);
    this.raw(value);
  }

  /**
   * 16 bytes when the text can be restored exactly from them (lower case, dashes), otherwise the
   * text.
   */
  uuid(value: string): void {
    if (!canonicalUuid.test(value)) return this.string(value);
    const at = this.#grow(18);
    this.#bytes[at] = 0xc4;
    this.#bytes[at + 1] = 16;
    let source = 0;
    for (let index = 0; index < 16; index += 1) {
      if (value.charCodeAt(source) === 0x2d) source += 1;
      this.#bytes[at + 2 + index] = (digit(value, source) << 4) | digit(value, source + 1);
      source += 2;
    }
  }

  /** Milliseconds since the Unix epoch, as an integer; an invalid date as `NaN`. */
  date(value: Date): void {
    this.number(value.getTime());
  }

  /** The elements follow. */
  arrayHeader(length: number): void {
    this.#header(length, 0x90, 15, undefined, 0xdc, 0xdd);
  }

  /** As many keys and values follow in turn. */
  mapHeader(size: number): void {
    this.#header(size, 0x80, 15, undefined, 0xde, 0xdf);
  }

  /**
   * Which slots are present: an integer while all are below 32, otherwise bytes, lowest slot first.
   */
  bitmap(slots: readonly number[]): void {
    const highest = slots.reduce((most, slot) => (slot > most ? slot : most), 0);
    if (highest < 32) {
      let bits = 0;
      for (const slot of slots) bits += 2 ** slot;
      return this.#uint(bits);
    }
    const bits = new Uint8Array((highest >> 3) + 1);
    for (const slot of slots) bits[slot >> 3] = (bits[slot >> 3] ?? 0) | (1 << (slot & 7));
    this.bytes(bits);
  }

  /** A value of a type the schema does not tell; what MessagePack cannot hold is tagged. */
  unknown(value: unknown): void {
    this.value(tag(value, "msgpack"));
  }

  /**
   * Plain data: lists and objects of text, numbers, booleans, bytes, dates, `null` and `undefined`.
   * Each has the bytes that msgpackr gives it, in which such values were stored first.
   */
  value(value: unknown): void {
    if (value === undefined) return this.undefined();
    if (value === null) return this.nil();
    switch (typeof value) {
      case "string":
        return this.string(value);
      case "number":
        return value >= -0x8000_0000 && value < 0x1_0000_0000 ? this.number(value) : this.#float(value);
      case "boolean":
        return this.boolean(value);
      case "object":
        return this.#object(value);
      default:
        throw new TypeError(`MessagePack has no ${typeof value}`);
    }
  }

  #object(value: object): void {
    if (value instanceof Uint8Array) return this.bytes(value);
    if (value instanceof Date) return this.#timestamp(value);
    if (Array.isArray(value)) {
      this.arrayHeader(value.length);
      for (let index = 0; index < value.length; index += 1) this.value(value[index]);
      return;
    }
    const entries = Object.entries(value);
    this.mapHeader(entries.length);
    for (const [key, item] of entries) {
      this.string(key);
      this.value(item);
    }
  }

  /**
   * MessagePack's own dates, in the shortest of three forms: seconds, those and nanoseconds, and
   * the same before 1970.
   */
  #timestamp(date: Date): void {
    const milliseconds = date.getUTCMilliseconds();
    const seconds = (date.getTime() - milliseconds) / 1000;
    const isShort = seconds >= 0 && seconds < 0x1_0000_0000;
    const length = !isShort ? 12 : milliseconds === 0 ? 4 : 8;
    const at = this.#grow(length === 12 ? 15 : length + 2);
    this.#bytes.set(length === 12 ? [0xc7, 12, 0xff] : [length === 4 ? 0xd6 : 0xd7, 0xff], at);
    if (isShort) {
      if (length === 8) this.#view.setUint32(at + 2, milliseconds * 4e6);
      this.#view.setUint32(this.#end - 4, seconds);
    } else {
      this.#view.setUint32(at + 3, milliseconds * 1e6);
      this.#view.setBigInt64(at + 7, BigInt(seconds));
    }
  }

  /** Bytes that are MessagePack already. */
  raw(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  #uint(value: number): void {
    if (value < 0x80) return this.#byte(value);
    if (value < 0x100) {
      const at = this.#grow(2);
      this.#bytes[at] = 0xcc;
      this.#bytes[at + 1] = value;
    } else if (value < 0x1_0000) {
      const at = this.#grow(3);
      this.#bytes[at] = 0xcd;
      this.#view.setUint16(at + 1, value);
    } else if (value < 0x1_0000_0000) {
      const at = this.#grow(5);
      this.#bytes[at] = 0xce;
      this.#view.setUint32(at + 1, value);
    } else {
      const at = this.#grow(9);
      this.#bytes[at] = 0xcf;
      this.#view.setUint32(at + 1, Math.floor(value / 2 ** 32));
      this.#view.setUint32(at + 5, value % 2 ** 32);
    }
  }

  #header(
    length: number,
    fix: number,
    fixMax: number,
    byte: number | undefined,
    word: number,
    long: number,
  ): void {
    if (length <= fixMax) {
      this.#byte(fix | length);
    } else if (byte !== undefined && length < 0x100) {
      const at = this.#grow(2);
      this.#bytes[at] = byte;
      this.#bytes[at + 1] = length;
    } else if (length < 0x1_0000) {
      const at = this.#grow(3);
      this.#bytes[at] = word;
      this.#view.setUint16(at + 1, length);
    } else {
      const at = this.#grow(5);
      this.#bytes[at] = long;
      this.#view.setUint32(at + 1, length);
    }
  }

  #byte(value: number): void {
    const at = this.#grow(1);
    this.#bytes[at] = value;
  }

  /** Makes room; the position where it begins. */
  #grow(count: number): number {
    const at = this.#end;
    this.#end += count;
    return this.#end > this.#bytes.length ? this.#move(at) : at;
  }

  /** Goes on in another buffer, with what was not taken yet; where the position is there. */
  #move(at: number): number {
    const from = this.#start;
    const bytes = new Uint8Array(Math.max((this.#end - from) * 2, this.#bytes.length));
    bytes.set(this.#bytes.subarray(from, at));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
    this.#start = 0;
    this.#end -= from;
    return at - from;
  }
}

/**
 * One that is kept for the next caller: what it takes to make a buffer is more than most values
 * take to write.
 */
let spare: PackedWriter | undefined;

/** What the function writes; see {@link PackedWriter.take} for who keeps it. */
export function packed(write: (writer: PackedWriter) => void): Uint8Array {
  const writer = spare ?? new PackedWriter(POOL);
  // Whoever writes in the meantime makes another; so does the next one after a failure.
  spare = undefined;
  write(writer);
  const bytes = writer.take();
  // Not a buffer that has grown for what was large.
  if (bytes.length < POOL) spare = writer;
  return bytes;
}

/** The value of a hexadecimal digit in lower case. */
function digit(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 0x61 ? code - 0x30 : code - 0x57;
}
