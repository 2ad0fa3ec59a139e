import { UnreadableValue } from "../unreadable.js";
import { SEALED } from "./sealed.js";
import { anyUtf8, isAscii, latin1, unescapeText, utf8 } from "./text.js";

/**
 * The extensions that a session may contain: MessagePack's own timestamps, msgpackr's `undefined`,
 * and its bytes (typed array 1). Encrypted values have one of our own.
 */
export const TIMESTAMP = 0xff;
export const UNDEFINED = 0;
export const TYPED_ARRAY = 0x74;
export const BYTES = 1;

/**
 * How many bytes of text are made characters of at once: short texts are cut out of them, which is
 * much faster than making each. Who keeps one keeps no more than these.
 */
const WINDOW = 2048;

/**
 * How many bytes a value has whose first byte this is, without those inside it; 0 where more bytes
 * say so, or none may. What lies within lists and maps is counted apart.
 */
const sizes = new Uint8Array(256);
/** How many values lie directly in a list or a map whose first byte this is. */
const children = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  const isText = byte >= 0xa0 && byte < 0xc0;
  if (isText) sizes[byte] = 1 + (byte & 31);
  else if (byte < 0xc0 || byte >= 0xe0 || byte === 0xc0 || byte === 0xc2 || byte === 0xc3) sizes[byte] = 1;
  if (byte >= 0x80 && byte < 0xa0) children[byte] = (byte & 15) * (byte < 0x90 ? 2 : 1);
}
// Floats, unsigned and signed integers.
for (const [byte, size] of [
  [0xca, 5],
  [0xcb, 9],
] as const)
  sizes[byte] = size;
for (const first of [0xcc, 0xd0]) for (let log = 0; log < 4; log += 1) sizes[first + log] = 1 + 2 ** log;

/**
 * Reads MessagePack one value after the other. Every method throws {@link UnreadableValue} when the
 * next value is of another kind or is cut short, and never allocates more than the bytes at hand
 * justify.
 *
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export class MsgpackReader {
  source: Uint8Array;
  protected at: number;
  /** Where the source ends for this reader. */
  protected limit: number;
  /** Made when a number needs it: most readers meet none that does. */
  #view: DataView | undefined;
  /** The characters of some of the source's bytes, from `#textAt` on. */
  #text = "";
  #textAt = 0;

  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.source = bytes;
    this.at = start;
    this.limit = end;
  }

  /** Goes on in other bytes. */
  protected turnTo(bytes: Uint8Array, at: number, limit: number): void {
    this.source = bytes;
    this.at = at;
    this.limit = limit;
    this.#view = undefined;
    this.#text = "";
  }

  /** The first byte of the next value. */
  protected get next(): number | undefined {
    return this.at < this.limit ? this.source[this.at] : undefined;
  }

  /** The position of the next value. */
  get position(): number {
    return this.at;
  }

  /** Throws unless everything was read. */
  end(): void {
    if (this.at !== this.limit) throw new UnreadableValue("the end of the data");
  }

  /** Whether the next value is a map. */
  isMap(): boolean {
    const byte = this.next ?? 0;
    return (byte & 0xf0) === 0x80 || byte === 0xde || byte === 0xdf;
  }

  /** Whether the next value is bytes. */
  isBytes(): boolean {
    const byte = this.next ?? 0;
    return byte >= 0xc4 && byte <= 0xc6;
  }

  /** Whether the next value is `nil`; read it when it is. */
  tryNil(): boolean {
    if (this.next !== 0xc0) return false;
    this.at += 1;
    return true;
  }

  /** Whether the next value is `undefined`; read it when it is. */
  tryUndefined(): boolean {
    const { at, source } = this;
    if (source[at] !== 0xd4 || source[at + 1] !== 0 || source[at + 2] !== 0 || at + 3 > this.limit)
      return false;
    this.at = at + 3;
    return true;
  }

  nil(): null {
    if (!this.tryNil()) throw new UnreadableValue("null");
    return null;
  }

  undefined(): undefined {
    if (!this.tryUndefined()) throw new UnreadableValue("undefined");
  }

  boolean(): boolean {
    const byte = this.#byte("a boolean");
    if (byte === 0xc3) return true;
    if (byte === 0xc2) return false;
    throw new UnreadableValue("a boolean");
  }

  /** A safe integer. */
  int(): number {
    const { source, at } = this;
    const byte = source[at] ?? 0xc1;
    if (byte < 0x80 && at < this.limit) {
      this.at = at + 1;
      return byte;
    }
    if (byte === 0xcc) return source[this.take(2, "an integer") + 1] ?? 0;
    if (byte === 0xcd) return uint16At(source, this.take(3, "an integer") + 1);
    if (byte === 0xce) return uint32At(source, this.take(5, "an integer") + 1);
    const number = Number(this.integer("an integer"));
    if (!Number.isSafeInteger(number)) throw new UnreadableValue("a safe integer");
    return number;
  }

  /** A number as MessagePack has it. */
  protected float(): number {
    const byte = this.next;
    if (byte === 0xcb) {
      const at = this.take(9, "a number");
      return this.dataView.getFloat64(at + 1);
    }
    if (byte === 0xca) {
      const at = this.take(5, "a number");
      return this.dataView.getFloat32(at + 1);
    }
    return this.int();
  }

  bigint(): bigint {
    if (this.isText()) {
      const digits = this.text();
      // BigInt is quadratic in the digits; nobody keeps numbers of 10 000 digits in a session.
      if (digits.length > 10_000 || !/^-?\d+$/.test(digits)) throw new UnreadableValue("a bigint");
      return BigInt(digits);
    }
    return BigInt(this.integer("a bigint"));
  }

  /** Whether the next value is text. */
  protected isText(): boolean {
    const byte = this.next ?? 0;
    return (byte & 0xe0) === 0xa0 || (byte >= 0xd9 && byte <= 0xdb);
  }

  /** Text as MessagePack has it, such as a key. */
  text(): string {
    const { source, at, limit } = this;
    const byte = source[at] ?? 0;
    // Most texts are short.
    const isShort = (byte & 0xe0) === 0xa0;
    const length = isShort ? byte & 31 : this.#textLength();
    const start = isShort ? at + 1 : this.at;
    const end = start + length;
    if (end > limit) throw new UnreadableValue("a string");
    this.at = end;
    return isAscii(source, start, end) ? this.#ascii(start, end) : unescapeText(utf8(source, start, end));
  }

  #textLength(): number {
    return this.length(this.#byte("a string"), 0xd9, 0xda, 0xdb, "a string");
  }

  #ascii(start: number, end: number): string {
    const { source } = this;
    const from = start - this.#textAt;
    const text = this.#text;
    if (from >= 0 && end - this.#textAt <= text.length) return text.slice(from, end - this.#textAt);
    // Text that would fill the window, or that nothing follows, is made by itself.
    if (end === source.length || end - start > WINDOW / 4) return latin1(source, start, end);
    this.#text = latin1(source, start, Math.min(source.length, start + WINDOW));
    this.#textAt = start;
    return this.#text.slice(0, end - start);
  }

  /** Text in which U+FFFD takes the place of what is no UTF-8, as other encoders write it. */
  protected anyText(): string {
    const byte = this.#byte("a string");
    const length = (byte & 0xe0) === 0xa0 ? byte & 31 : this.length(byte, 0xd9, 0xda, 0xdb, "a string");
    const start = this.take(length, "a string");
    return unescapeText(anyUtf8(this.source, start, start + length));
  }

  /** Bytes of their own: changing them does not change the payload. */
  bytes(): Uint8Array {
    const length = this.bytesHeader();
    const start = this.take(length, "bytes");
    return this.source.slice(start, start + length);
  }

  /** How many bytes follow. */
  bytesHeader(): number {
    return this.length(this.#byte("bytes"), 0xc4, 0xc5, 0xc6, "bytes");
  }

  /** Passes over as many bytes. */
  pass(count: number): void {
    this.take(count, "bytes");
  }

  /** How many elements follow. */
  list(): number {
    const byte = this.#byte("a list");
    const length = (byte & 0xf0) === 0x90 ? byte & 15 : this.length(byte, undefined, 0xdc, 0xdd, "a list");
    // An element is at least one byte: a longer list than there are bytes left is a lie.
    if (length > this.limit - this.at) throw new UnreadableValue("a list");
    return length;
  }

  /** How many pairs follow. */
  map(): number {
    const byte = this.#byte("a map");
    const size = (byte & 0xf0) === 0x80 ? byte & 15 : this.length(byte, undefined, 0xde, 0xdf, "a map");
    if (size * 2 > this.limit - this.at) throw new UnreadableValue("a map");
    return size;
  }

  /** An extension's type and the bytes it consists of, where they are. */
  protected extension(): { readonly type: number; readonly content: Uint8Array } {
    const byte = this.#byte("an extension");
    const length = byte >= 0xd4 ? 2 ** (byte - 0xd4) : this.length(byte, 0xc7, 0xc8, 0xc9, "an extension");
    const type = this.#byte("an extension");
    const start = this.take(length, "an extension");
    return { type, content: this.source.subarray(start, start + length) };
  }

  /** The bytes of the next value, of their own. */
  slice(): Uint8Array {
    return this.view().slice();
  }

  /**
   * The bytes of the next value where they are: for who neither changes them nor keeps them for
   * long.
   */
  view(): Uint8Array {
    const start = this.at;
    this.skip();
    return this.source.subarray(start, this.at);
  }

  /**
   * Skips one value, however nested, without recursion. Vets it, too: decoders of others find in it
   * only what they can handle.
   */
  skip(): void {
    const { source, limit } = this;
    let { at } = this;
    for (let pending = 1; pending > 0; ) {
      const byte = at < limit ? (source[at] ?? 0xc1) : 0xc1;
      const size = sizes[byte] ?? 0;
      if (size === 0) {
        this.at = at + 1;
        pending += this.#skipRest(byte) - 1;
        at = this.at;
      } else {
        at += size;
        pending += (children[byte] ?? 0) - 1;
      }
      if (pending > limit - at) throw new UnreadableValue("as many values as announced");
    }
    this.at = at;
  }

  /**
   * Skips values.
   * @returns for each of them where it begins, and where it ends
   */
  bounds(count: number): number[] {
    const { source, limit } = this;
    const bounds: number[] = [];
    let { at } = this;
    for (let left = count; left > 0; left -= 1) {
      const byte = at < limit ? (source[at] ?? 0xc1) : 0xc1;
      const size = sizes[byte] ?? 0;
      bounds.push(at);
      // Most values are single ones.
      if (size !== 0 && children[byte] === 0 && size <= limit - at) at += size;
      else {
        this.at = at;
        this.skip();
        at = this.at;
      }
      bounds.push(at);
    }
    this.at = at;
    return bounds;
  }

  /** Skips what belongs to a value with a length of its own; how many values lie inside it. */
  #skipRest(byte: number): number {
    switch (byte) {
      case 0xc4: // bin
      case 0xd9: // str
        this.take(this.#uint(1), "a value");
        return 0;
      case 0xc5:
      case 0xda:
        this.take(this.#uint(2), "a value");
        return 0;
      case 0xc6:
      case 0xdb:
        this.take(this.#uint(4), "a value");
        return 0;
      case 0xc7: // ext
        return this.#skipExtension(this.#uint(1));
      case 0xc8:
        return this.#skipExtension(this.#uint(2));
      case 0xc9:
        return this.#skipExtension(this.#uint(4));
      case 0xd4: // fixext
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#skipExtension(2 ** (byte - 0xd4));
      case 0xdc: // array
        return this.#uint(2);
      case 0xdd:
        return this.#uint(4);
      case 0xde: // map
        return this.#uint(2) * 2;
      case 0xdf:
        return this.#uint(4) * 2;
      default:
        throw new UnreadableValue("MessagePack");
    }
  }

  /**
   * Others of msgpackr's extensions compile code and expressions, or read the same bytes again and
   * again.
   */
  #skipExtension(length: number): 0 {
    const type = this.#byte("a value");
    const start = this.take(length, "a value");
    const bytes = type === TYPED_ARRAY && length > 0 && this.source[start] === BYTES;
    if (!bytes && type !== TIMESTAMP && type !== UNDEFINED && type !== SEALED)
      throw new UnreadableValue("a known extension");
    return 0;
  }

  protected integer(expected: string): number | bigint {
    const byte = this.#byte(expected);
    if (byte < 0x80) return byte;
    if (byte >= 0xe0) return byte - 256;
    switch (byte) {
      case 0xcc:
        return this.#uint(1, expected);
      case 0xcd:
        return this.#uint(2, expected);
      case 0xce:
        return this.#uint(4, expected);
      case 0xcf: {
        const high = this.#uint(4, expected);
        const low = this.#uint(4, expected);
        // Instants are such: a bigint on the way costs more than all the rest.
        return high < 0x20_0000 ? high * 2 ** 32 + low : (BigInt(high) << 32n) | BigInt(low);
      }
      case 0xd0:
        return (this.#uint(1, expected) << 24) >> 24;
      case 0xd1:
        return (this.#uint(2, expected) << 16) >> 16;
      case 0xd2:
        return this.#uint(4, expected) | 0;
      case 0xd3:
        return this.dataView.getBigInt64(this.take(8, expected));
      default:
        throw new UnreadableValue(expected);
    }
  }

  protected length(
    byte: number,
    one: number | undefined,
    two: number,
    four: number,
    expected: string,
  ): number {
    if (byte === one) return this.#uint(1);
    if (byte === two) return this.#uint(2);
    if (byte === four) return this.#uint(4);
    throw new UnreadableValue(expected);
  }

  #uint(size: 1 | 2 | 4, expected = "a length"): number {
    const at = this.take(size, expected);
    const { source } = this;
    if (size === 1) return source[at] ?? 0;
    return size === 2 ? uint16At(source, at) : uint32At(source, at);
  }

  #byte(expected: string): number {
    const { at } = this;
    if (at >= this.limit) throw new UnreadableValue(expected);
    this.at = at + 1;
    return this.source[at] ?? 0;
  }

  protected get dataView(): DataView {
    const { buffer, byteOffset, byteLength } = this.source;
    this.#view ??= new DataView(buffer, byteOffset, byteLength);
    return this.#view;
  }

  /** Moves past that many bytes; the position of the first. */
  protected take(count: number, expected: string): number {
    const { at } = this;
    if (count > this.limit - at) throw new UnreadableValue(expected);
    this.at = at + count;
    return at;
  }
}

function uint16At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** A number of four bytes, highest first. */
export function uint32At(bytes: Uint8Array, at: number): number {
  return uint16At(bytes, at) * 0x1_0000 + uint16At(bytes, at + 2);
}
