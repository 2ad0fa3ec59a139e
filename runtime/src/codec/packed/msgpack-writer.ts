import { freshBytes } from "./fresh-bytes.js";
import type { PackedPart } from "./part.js";
import { escapeText, isWritable, mostBytes, writeUtf8 } from "./text.js";

/** Text that is shorter is written character by character, which native code takes longer for. */
const SHORT = 40;
/** So many bytes are copied one by one. */
const FEW = 12;

/**
 * Appends MessagePack to a growing buffer. Every value has one encoding, so equal values are equal
 * bytes: changes are found by comparing them.
 *
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export class MsgpackWriter {
  // Declared, and not defined as `undefined` first: V8 then knows of each what it holds.
  declare protected buffer: Uint8Array;
  declare protected view: DataView;
  /** What lies before was taken. */
  declare protected start: number;
  declare protected at: number;

  /**
   * @param capacity - bytes to begin with; when they are used up there is a larger buffer, or
   *   another one
   */
  constructor(capacity = 256) {
    this.buffer = freshBytes(capacity);
    this.view = new DataView(this.buffer.buffer);
    this.start = 0;
    this.at = 0;
  }

  /**
   * Gives what was written; the writer goes on behind it. Nobody else writes there, but the buffer
   * holds other bytes, too: who keeps these for longer than a request copies them. Copied here they
   * would cost more than all the rest.
   */
  take(): Uint8Array {
    const { start, at: end } = this;
    this.start = end;
    // Not `subarray`, which looks first for what else it should make.
    return new Uint8Array(this.view.buffer, start, end - start);
  }

  /** Gives the same, as a part of all that this writer writes. */
  takePart(): PackedPart {
    const { buffer: bytes, start, at: end } = this;
    this.start = end;
    return { bytes, start, end };
  }

  nil(): void {
    this.byte(0xc0);
  }

  /** Writes `undefined` as msgpackr does: extension 0 with one byte. */
  undefined(): void {
    const at = this.grow(3);
    const bytes = this.buffer;
    bytes[at] = 0xd4;
    bytes[at + 1] = 0;
    bytes[at + 2] = 0;
  }

  boolean(value: boolean): void {
    this.byte(value ? 0xc3 : 0xc2);
  }

  protected float(value: number): void {
    const at = this.grow(9);
    this.buffer[at] = 0xcb;
    this.view.setFloat64(at + 1, value);
  }

  /** Writes a safe integer. */
  int(value: number): void {
    if (value >= 0) return this.uint(value);
    if (value >= -32) return this.byte(value + 256);
    if (value >= -0x80) {
      const at = this.grow(2);
      this.buffer[at] = 0xd0;
      this.buffer[at + 1] = value;
    } else if (value >= -0x8000) {
      const at = this.grow(3);
      this.buffer[at] = 0xd1;
      this.view.setInt16(at + 1, value);
    } else if (value >= -0x8000_0000) {
      const at = this.grow(5);
      this.buffer[at] = 0xd2;
      this.view.setInt32(at + 1, value);
    } else {
      const at = this.grow(9);
      this.buffer[at] = 0xd3;
      this.view.setBigInt64(at + 1, BigInt(value));
    }
  }

  /**
   * Writes text as MessagePack has it, such as a key. Half a character is escaped: UTF-8 has none.
   */
  text(value: string): void {
    const { length } = value;
    if (length >= SHORT) return this.utf8(value);
    // The header's size depends on the length in bytes, which for ASCII is the length of the text.
    const header = length < 32 ? 1 : 2;
    const start = this.grow(header + length);
    const bytes = this.buffer;
    let to = start + header;
    for (let index = 0; index < length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) {
        this.at = start;
        return this.utf8(value);
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

  protected utf8(value: string, isEscaped = false): void {
    const { length } = value;
    // Room for the largest header and the most bytes that there can be.
    const start = this.grow(5 + mostBytes(value));
    const guess = headerSize(length);
    const size = writeUtf8(this.buffer, start + guess, value);
    this.at = start;
    if (size > length && !isEscaped && !isWritable(value)) return this.utf8(escapeText(value), true);
    const header = headerSize(size);
    if (header !== guess) this.buffer.copyWithin(start + header, start + guess, start + guess + size);
    this.header(size, 0xa0, 31, 0xd9, 0xda, 0xdb);
    this.at += size;
  }

  bytes(value: Uint8Array): void {
    this.bytesHeader(value.length);
    this.raw(value);
  }

  /** Appends an integer of 64 bits at most, signed or not. */
  int64(value: bigint): void {
    if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) return this.int(Number(value));
    const at = this.grow(9);
    this.buffer[at] = value < 0n ? 0xd3 : 0xcf;
    this.view.setBigUint64(at + 1, BigInt.asUintN(64, value));
  }

  /** Says that as many elements follow. */
  list(length: number): void {
    if (length < 16) return this.byte(0x90 | length);
    this.header(length, 0x90, 15, undefined, 0xdc, 0xdd);
  }

  /** Says that as many keys and values follow in turn. */
  map(size: number): void {
    this.header(size, 0x80, 15, undefined, 0xde, 0xdf);
  }

  /**
   * Writes plain data: lists and objects of text, numbers, booleans, bytes, dates, `null` and
   * `undefined`. Each has the bytes that msgpackr gives it.
   */
  value(value: unknown): void {
    if (value === undefined) return this.undefined();
    if (value === null) return this.nil();
    switch (typeof value) {
      case "string":
        return this.text(value);
      case "number":
        return isInt(value) ? this.int(value) : this.float(value);
      case "boolean":
        return this.boolean(value);
      case "bigint":
        return this.int64(value);
      case "object":
        return this.plainObject(value);
      default:
        throw new TypeError(`MessagePack has no ${typeof value}`);
    }
  }

  protected plainObject(value: object): void {
    if (value instanceof Uint8Array) return this.bytes(value);
    if (value instanceof Date) return this.timestamp(value);
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
   * Writes one of MessagePack's own dates, in the shortest of three forms: seconds, those and
   * nanoseconds, and the same before 1970.
   */
  protected timestamp(date: Date): void {
    const milliseconds = date.getUTCMilliseconds();
    const seconds = (date.getTime() - milliseconds) / 1000;
    const isShort = seconds >= 0 && seconds < 0x1_0000_0000;
    const length = !isShort ? 12 : milliseconds === 0 ? 4 : 8;
    const at = this.grow(length === 12 ? 15 : length + 2);
    this.buffer.set(length === 12 ? [0xc7, 12, 0xff] : [length === 4 ? 0xd6 : 0xd7, 0xff], at);
    if (isShort) {
      if (length === 8) this.view.setUint32(at + 2, milliseconds * 4e6);
      this.view.setUint32(this.at - 4, seconds);
    } else {
      this.view.setUint32(at + 3, milliseconds * 1e6);
      this.view.setBigInt64(at + 7, BigInt(seconds));
    }
  }

  /** Bytes that are MessagePack already. */
  raw(bytes: Uint8Array): void {
    const at = this.grow(bytes.length);
    this.buffer.set(bytes, at);
  }

  /** Writes a part of such bytes. */
  rawPart(bytes: Uint8Array, start: number, end: number): void {
    const at = this.grow(end - start);
    const { buffer } = this;
    // Native code takes as long to begin as the loop takes for so many.
    if (end - start <= FEW) for (let from = start, to = at; from < end; ) buffer[to++] = bytes[from++] ?? 0;
    else if (bytes === buffer) buffer.copyWithin(at, start, end);
    else buffer.set(bytes.subarray(start, end), at);
  }

  /** Says that as many bytes follow. */
  protected bytesHeader(length: number): void {
    if (length > 0xff) return this.header(length, 0, -1, undefined, 0xc5, 0xc6);
    const at = this.grow(2);
    this.buffer[at] = 0xc4;
    this.buffer[at + 1] = length;
  }

  /**
   * Says that as many bytes follow, and leaves them to the caller.
   * @returns where in {@link target} they begin
   */
  bytesRoom(length: number): number {
    this.bytesHeader(length);
    return this.grow(length);
  }

  /** What is written into, until more is written. */
  get target(): Uint8Array {
    return this.buffer;
  }

  protected uint(value: number): void {
    if (value < 0x80) return this.byte(value);
    if (value < 0x100) {
      const at = this.grow(2);
      this.buffer[at] = 0xcc;
      this.buffer[at + 1] = value;
    } else if (value < 0x1_0000) {
      const at = this.grow(3);
      const bytes = this.buffer;
      bytes[at] = 0xcd;
      bytes[at + 1] = value >> 8;
      bytes[at + 2] = value;
    } else if (value < 0x1_0000_0000) {
      const at = this.grow(5);
      this.buffer[at] = 0xce;
      this.view.setUint32(at + 1, value);
    } else {
      const at = this.grow(9);
      this.buffer[at] = 0xcf;
      this.view.setUint32(at + 1, Math.floor(value / 2 ** 32));
      this.view.setUint32(at + 5, value % 2 ** 32);
    }
  }

  protected header(
    length: number,
    fix: number,
    fixMax: number,
    byte: number | undefined,
    word: number,
    long: number,
  ): void {
    if (length <= fixMax) {
      this.byte(fix | length);
    } else if (byte !== undefined && length < 0x100) {
      const at = this.grow(2);
      this.buffer[at] = byte;
      this.buffer[at + 1] = length;
    } else if (length < 0x1_0000) {
      const at = this.grow(3);
      this.buffer[at] = word;
      this.view.setUint16(at + 1, length);
    } else {
      const at = this.grow(5);
      this.buffer[at] = long;
      this.view.setUint32(at + 1, length);
    }
  }

  protected byte(value: number): void {
    const at = this.grow(1);
    this.buffer[at] = value;
  }

  /** Makes room; the position where it begins. */
  protected grow(count: number): number {
    const at = this.at;
    this.at = at + count;
    return this.at > this.buffer.length ? this.move(at) : at;
  }

  /** Goes on in another buffer, with what was not taken yet; where the position is there. */
  protected move(at: number): number {
    const from = this.start;
    const bytes = freshBytes(Math.max((this.at - from) * 2, this.buffer.length));
    bytes.set(this.buffer.subarray(from, at));
    this.buffer = bytes;
    this.view = new DataView(bytes.buffer);
    this.start = 0;
    this.at -= from;
    return at - from;
  }
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
