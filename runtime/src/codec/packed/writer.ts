import { tag } from "../plain/tagged.js";
import { MAX_SCALE, scaledBy, scaledInteger } from "./decimals.js";
import { keptOf } from "./kept-slots.js";
import { PackedObject } from "./packed-object.js";
import { escapeText, isWritable, mostBytes, writeBase64url, writeUtf8 } from "./text.js";
import { UUID_LENGTH, writeUuid } from "./uuid.js";

/** In bytes: what callers write into, one after the other, as into Node's own pool of buffers. */
const POOL = 8192;
/** Text that is shorter is written character by character, which native code takes longer for. */
const SHORT = 40;
/** The least characters of text that is kept as the bytes that it is base64url of. */
const MIN_BASE64URL = 32;
/** The most parts of such text that dots keep apart: encrypted tokens have five. */
export const MAX_PARTS = 5;

/**
 * Of {@link PackedWriter.object}: keys outside the schema follow the slots. The sign of 32 bits, so
 * that slots up to 30 have a bit each.
 */
export const REST: number = 1 << 31;

/**
 * Appends MessagePack to a growing buffer; emitted codecs call it in a straight line. Every value
 * has one encoding, so equal values are equal bytes: changes are found by comparing them.
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
    const at = this.#grow(3);
    const bytes = this.#bytes;
    bytes[at] = 0xd4;
    bytes[at + 1] = 0;
    bytes[at + 2] = 0;
  }

  boolean(value: boolean): void {
    this.#byte(value ? 0xc3 : 0xc2);
  }

  /**
   * A safe integer other than -0 in the shortest integer form; a decimal fraction of few digits as
   * `[digits behind the point, integer]`; every other number as a 64-bit float.
   */
  number(value: number): void {
    if (Number.isSafeInteger(value)) {
      if (value !== 0 || 1 / value > 0) return this.int(value);
    } else {
      const scale = scaledBy(value);
      if (scale <= MAX_SCALE) {
        const at = this.#grow(2);
        this.#bytes[at] = 0x92;
        this.#bytes[at + 1] = scale;
        return this.int(scaledInteger(value, scale));
      }
    }
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
      this.#bytes[at + 1] = value;
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

  /** As an integer of at most 64 bits if it fits, otherwise as its decimal digits. */
  bigint(value: bigint): void {
    if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) {
      this.int(Number(value));
    } else if (value >= 0n && value < 1n << 64n) {
      const at = this.#grow(9);
      this.#bytes[at] = 0xcf;
      this.#view.setBigUint64(at + 1, value);
    } else if (value < 0n && value >= -(1n << 63n)) {
      const at = this.#grow(9);
      this.#bytes[at] = 0xd3;
      this.#view.setBigInt64(at + 1, value);
    } else {
      this.text(value.toString());
    }
  }

  /**
   * Text: a canonical UUID as its 16 bytes; base64url of at least 32 characters as the bytes it was
   * made of, of parts with dots between them, as tokens are, a list of those. All else as it is.
   */
  string(value: string): void {
    if (value.length < MIN_BASE64URL || !this.#compact(value)) this.text(value);
  }

  /** Writes text that is kept as bytes; whether it is. */
  #compact(value: string): boolean {
    const start = this.#end - this.#start;
    if (value.length === UUID_LENGTH) {
      const at = this.#grow(18);
      this.#bytes[at] = 0xc4;
      this.#bytes[at + 1] = 16;
      if (writeUuid(this.#bytes, at + 2, value)) return true;
      this.#end = at;
    }
    const dot = value.indexOf(".");
    if (dot === -1 ? this.#part(value) : this.#parts(value.split(".", MAX_PARTS + 1))) return true;
    this.#end = this.#start + start;
    return false;
  }

  #parts(parts: readonly string[]): boolean {
    if (parts.length > MAX_PARTS) return false;
    this.list(parts.length);
    return parts.every((part) => this.#part(part));
  }

  #part(text: string): boolean {
    const size = (text.length * 3) >> 2;
    this.bytesHeader(size);
    const at = this.#grow(size);
    return writeBase64url(this.#bytes, at, text);
  }

  /** Text as MessagePack has it, such as a key. Half a character is escaped: UTF-8 has none. */
  text(value: string): void {
    const { length } = value;
    if (length >= SHORT) return this.#utf8(value);
    // The header's size depends on the length in bytes, which for ASCII is the length of the text.
    const header = length < 32 ? 1 : 2;
    const start = this.#grow(header + length);
    const bytes = this.#bytes;
    let to = start + header;
    for (let index = 0; index < length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) {
        this.#end = start;
        return this.#utf8(value);
      }
      bytes[to] = code;
      to += 1;
    }
    if (header === 1) bytes[start] = 0xa0 | length;
    else {
      bytes[start] = 0xd9;
      bytes[start + 1] = length;
    }
  }

  #utf8(value: string, isEscaped = false): void {
    const { length } = value;
    // Room for the largest header and the most bytes that there can be.
    const start = this.#grow(5 + mostBytes(value));
    const guess = headerSize(length);
    const size = writeUtf8(this.#bytes, start + guess, value);
    this.#end = start;
    if (size > length && !isEscaped && !isWritable(value)) return this.#utf8(escapeText(value), true);
    const header = headerSize(size);
    if (header !== guess) this.#bytes.copyWithin(start + header, start + guess, start + guess + size);
    this.#header(size, 0xa0, 31, 0xd9, 0xda, 0xdb);
    this.#end += size;
  }

  bytes(value: Uint8Array): void {
    this.#header(value.length, 0, -1, 0xc4, 0xc5, 0xc6);
    this.raw(value);
  }

  /**
   * Whole seconds as MessagePack's own dates of 32 bits, while they fit; else milliseconds since
   * the Unix epoch, as an integer. An invalid date is `NaN`.
   */
  date(value: Date): void {
    const time = value.getTime();
    const seconds = time / 1000;
    if (seconds >= 0 && seconds < 0x1_0000_0000 && Number.isInteger(seconds)) {
      const at = this.#grow(6);
      this.#bytes[at] = 0xd6;
      this.#bytes[at + 1] = 0xff;
      this.#view.setUint32(at + 2, seconds);
    } else {
      this.number(time);
    }
  }

  /** A member of an enum: its slot, by which `members` lists them. */
  member(value: unknown, members: readonly unknown[]): void {
    this.#uint(members.indexOf(value));
  }

  /** The elements follow. */
  list(length: number): void {
    this.#header(length, 0x90, 15, undefined, 0xdc, 0xdd);
  }

  /** As many keys and values follow in turn. */
  map(size: number): void {
    this.#header(size, 0x80, 15, undefined, 0xde, 0xdf);
  }

  /** A union: `[slot of the variant, value]`. The value follows. */
  variant(slot: number): void {
    this.#byte(0x92);
    this.#uint(slot);
  }

  /**
   * An object, whose values follow in the order of their slots, then {@link close}. A list where it
   * has the first slots and nothing else; else a map from the bits of its slots to the list.
   *
   * @param slots - a bit for each that is present, and {@link REST} where one more value follows: a
   *   map of the keys outside the schema
   * @returns what `close` asks for
   */
  object(slots: number): number {
    const start = this.#end - this.#start;
    if (slots >= 0 && (slots & (slots + 1)) === 0) {
      this.list(32 - Math.clz32(slots));
    } else {
      const bits = slots & ~REST;
      this.#byte(0x81);
      this.#uint(bits);
      this.list(bitCount(bits) + (slots < 0 ? 1 : 0));
    }
    return start;
  }

  /** As {@link object}, of a schema with slots above 29. */
  wideObject(slots: readonly number[], hasRest = false): number {
    const start = this.#end - this.#start;
    const last = slots.at(-1) ?? -1;
    if (hasRest || last !== slots.length - 1) {
      this.#byte(0x81);
      this.#bitmap(slots, last);
    }
    this.list(slots.length + (hasRest ? 1 : 0));
    return start;
  }

  #bitmap(slots: readonly number[], last: number): void {
    if (last < 31) {
      let bits = 0;
      for (const slot of slots) bits |= 1 << slot;
      return this.#uint(bits);
    }
    const bits = new Uint8Array((last >> 3) + 1);
    for (const slot of slots) bits[slot >> 3] = (bits[slot >> 3] ?? 0) | (1 << (slot & 7));
    this.bytes(bits);
  }

  /**
   * Ends an object: slots that the schema does not know, with which it came from the store, take
   * their places among those it does.
   *
   * @param start - what {@link object} gave back
   */
  close(value: object, start: number): void {
    const kept = keptOf(value);
    if (kept === undefined) return;
    const from = this.#start + start;
    const known = new PackedObject(this.#bytes.slice(from, this.#end));
    this.#end = from;
    const values = new Map([...kept.slots, ...known.values]);
    const slots = [...values.keys()].sort((one, other) => one - other);
    const rest = known.rest ?? kept.rest;
    this.wideObject(slots, rest !== undefined);
    for (const slot of slots) this.raw(values.get(slot) ?? known.none);
    if (rest !== undefined) this.raw(rest);
  }

  /** A value of a type the schema does not tell; what MessagePack cannot hold is tagged. */
  unknown(value: unknown): void {
    this.value(tag(value, "msgpack"));
  }

  /**
   * Plain data: lists and objects of text, numbers, booleans, bytes, dates, `null` and `undefined`.
   * Each has the bytes that msgpackr gives it.
   */
  value(value: unknown): void {
    if (value === undefined) return this.undefined();
    if (value === null) return this.nil();
    switch (typeof value) {
      case "string":
        return this.text(value);
      case "number":
        return isInt(value) ? this.int(value) : this.#float(value);
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
      this.list(value.length);
      for (let index = 0; index < value.length; index += 1) this.value(value[index]);
      return;
    }
    const entries = Object.entries(value);
    this.map(entries.length);
    for (const [key, item] of entries) {
      this.text(key);
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

  /** A part of such bytes. */
  rawPart(bytes: Uint8Array, start: number, end: number): void {
    const at = this.#grow(end - start);
    const target = this.#bytes;
    // A view costs as much as the loop over so many.
    if (end - start > 48) target.set(bytes.subarray(start, end), at);
    else for (let index = start; index < end; index += 1) target[at + index - start] = bytes[index] ?? 0;
  }

  /** As many bytes follow, by {@link octet} and the like. */
  bytesHeader(length: number): void {
    this.#header(length, 0, -1, 0xc4, 0xc5, 0xc6);
  }

  /** One byte of those that were announced. */
  octet(value: number): void {
    this.#byte(value);
  }

  /** Four of them, highest first. */
  uint32(value: number): void {
    const at = this.#grow(4);
    this.#view.setUint32(at, value);
  }

  /** Eight of them. */
  float64(value: number): void {
    const at = this.#grow(8);
    this.#view.setFloat64(at, value);
  }

  #uint(value: number): void {
    if (value < 0x80) return this.#byte(value);
    if (value < 0x100) {
      const at = this.#grow(2);
      this.#bytes[at] = 0xcc;
      this.#bytes[at + 1] = value;
    } else if (value < 0x1_0000) {
      const at = this.#grow(3);
      const bytes = this.#bytes;
      bytes[at] = 0xcd;
      bytes[at + 1] = value >> 8;
      bytes[at + 2] = value;
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
    this.#end = at + count;
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

/** What of a codec writes. */
interface Writes<T> {
  write(writer: PackedWriter, value: T): void;
}

/** What the function writes; see {@link PackedWriter.take} for who keeps it. */
export function packed(write: (writer: PackedWriter) => void): Uint8Array {
  return packValue({ write }, undefined);
}

/** A value as its codec writes it; see {@link PackedWriter.take} for who keeps it. */
export function packValue<T>(codec: Writes<T>, value: T): Uint8Array {
  const writer = spare ?? new PackedWriter(POOL);
  // Whoever writes in the meantime makes another; so does the next one after a failure.
  spare = undefined;
  codec.write(writer, value);
  const bytes = writer.take();
  // Not a buffer that has grown for what was large.
  if (bytes.length < POOL) spare = writer;
  return bytes;
}

/** How many bytes the header of text takes. */
function headerSize(length: number): number {
  if (length < 32) return 1;
  if (length < 0x100) return 2;
  return length < 0x1_0000 ? 3 : 5;
}

/** Integers that msgpackr writes as such. */
function isInt(value: number): boolean {
  return value >= -0x8000_0000 && value < 0x1_0000_0000 && Number.isInteger(value) && !Object.is(value, -0);
}

function bitCount(bits: number): number {
  let left = bits;
  let count = 0;
  for (; left !== 0; left &= left - 1) count += 1;
  return count;
}
