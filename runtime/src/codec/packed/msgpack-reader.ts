import { UnreadableValue } from "../unreadable.js";
import { MsgpackCursor, uint16At } from "./msgpack-cursor.js";
import { anyUtf8, isAscii, latin1, unescapeText, utf8 } from "./text.js";

/**
 * How many bytes of text are made characters of at once: short texts are cut out of them, which is
 * much faster than making each. Who keeps one keeps no more than these.
 */
const WINDOW = 2048;
/** Text that is shorter is looked at here and now: a call costs as much. */
const SHORT = 32;

/** Keys that were read lately, each at the place that its characters give. */
const keys: string[] = new Array<string>(256).fill("");

/** Tells whether these bytes are that text, which is ASCII. */
function isTextAt(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}

/**
 * Reads MessagePack one value after the other. Every method throws {@link UnreadableValue} when the
 * next value is of another kind or is cut short, and never allocates more than the bytes at hand
 * justify.
 *
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export class MsgpackReader extends MsgpackCursor {
  /** Made when a number needs it: most readers meet none that does. */
  declare private viewOfSource: DataView | undefined;
  /** The characters of some of the source's bytes, from `windowAt` on. */
  declare private window: string;
  declare private windowAt: number;

  constructor(bytes: Uint8Array, start?: number, end?: number) {
    super(bytes, start, end);
    this.viewOfSource = undefined;
    this.window = "";
    this.windowAt = 0;
  }

  /** Goes on in other bytes. */
  protected turnTo(bytes: Uint8Array, at: number, limit: number): void {
    this.source = bytes;
    this.at = at;
    this.limit = limit;
    this.viewOfSource = undefined;
    this.window = "";
  }

  /** Tells whether the next value is a map. */
  isMap(): boolean {
    const byte = this.next ?? 0;
    return (byte & 0xf0) === 0x80 || byte === 0xde || byte === 0xdf;
  }

  /** Tells whether the next value is bytes. */
  isBytes(): boolean {
    const byte = this.next ?? 0;
    return byte >= 0xc4 && byte <= 0xc6;
  }

  /** Tells whether the next value is `nil`; read it when it is. */
  tryNil(): boolean {
    const { at } = this;
    if (this.source[at] !== 0xc0 || at >= this.limit) return false;
    this.at = at + 1;
    return true;
  }

  /**
   * Tells whether the next value is that text, of at most 31 characters of ASCII; reads it when it
   * is.
   */
  tryText(text: string): boolean {
    const { source, at } = this;
    const end = at + 1 + text.length;
    if (source[at] !== (0xa0 | text.length) || !isTextAt(text, source, at + 1, end)) return false;
    this.at = end;
    return true;
  }

  /** Tells whether the next value is `undefined`; read it when it is. */
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
    const byte = this.source[this.at] as number;
    if ((byte & 0xfe) !== 0xc2) throw new UnreadableValue("a boolean");
    this.at += 1;
    return byte === 0xc3;
  }

  /** Gives a safe integer. */
  int(): number {
    const byte = this.source[this.at] as number;
    if (byte < 0x80) {
      this.at += 1;
      return byte;
    }
    return this.longInt(byte);
  }

  /** Gives an integer whose first byte is not all of it. */
  protected longInt(byte: number): number {
    const { source, at } = this;
    if (byte === 0xcd && at + 3 <= this.limit) {
      this.at = at + 3;
      return uint16At(source, at + 1);
    }
    if (byte === 0xcc && at + 2 <= this.limit) {
      this.at = at + 2;
      return source[at + 1] as number;
    }
    const number = Number(this.integer("an integer"));
    if (!Number.isSafeInteger(number)) throw new UnreadableValue("a safe integer");
    return number;
  }

  /** Gives a number as MessagePack has it. */
  protected float(): number {
    const { next: byte } = this;
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

  /** Tells whether the next value is text. */
  isText(): boolean {
    const byte = this.next ?? 0;
    return (byte & 0xe0) === 0xa0 || (byte >= 0xd9 && byte <= 0xdb);
  }

  /** Gives text as MessagePack has it, such as a key. */
  text(): string {
    const length = this.textLength();
    return this.textAt(this.at, this.at + length);
  }

  /**
   * Gives text that is a key: one that was met lately is not made again. V8 keeps each key once,
   * and looking for it there costs more than all the rest.
   */
  key(): string {
    const { source, at } = this;
    const byte = at < this.limit ? (source[at] as number) : 0;
    const end = at + 1 + (byte & 31);
    if ((byte & 0xe0) !== 0xa0 || end > this.limit) return this.text();
    let hash = byte;
    let bits = 0;
    for (let from = at + 1; from < end; from += 1) {
      const code = source[from] as number;
      hash = (Math.imul(hash, 31) + code) | 0;
      bits |= code;
    }
    if (bits > 0x7f) return this.text();
    const place = (hash ^ (hash >> 8)) & (keys.length - 1);
    const known = keys[place] as string;
    if (isTextAt(known, source, at + 1, end)) {
      this.at = end;
      return known;
    }
    const [made = ""] = Object.keys({ [this.text()]: 0 });
    keys[place] = made;
    return made;
  }

  /** Reads text that lies there. */
  protected textAt(start: number, end: number): string {
    if (end > this.limit) throw new UnreadableValue("a string");
    const { source } = this;
    this.at = end;
    let bits = 0;
    if (end - start > SHORT) bits = isAscii(source, start, end) ? 0 : 0x80;
    else for (let at = start; at < end; at += 1) bits |= source[at] as number;
    if (bits > 0x7f) return unescapeText(utf8(source, start, end));
    const { window, windowAt } = this;
    return start >= windowAt && end - windowAt <= window.length
      ? window.slice(start - windowAt, end - windowAt)
      : this.ascii(start, end);
  }

  private textLength(): number {
    const byte = this.next ?? 0;
    if ((byte & 0xe0) !== 0xa0) return this.longLength();
    this.at += 1;
    return byte & 31;
  }

  private longLength(): number {
    return this.length(this.byte("a string"), 0xd9, 0xda, 0xdb, "a string");
  }

  /** Makes text that is ASCII, and characters of what lies behind it. */
  private ascii(start: number, end: number): string {
    const { source } = this;
    // Text that would fill the window, or that nothing follows, is made by itself.
    if (end === source.length || end - start > WINDOW / 4) return latin1(source, start, end);
    this.window = latin1(source, start, Math.min(source.length, start + WINDOW));
    this.windowAt = start;
    return this.window.slice(0, end - start);
  }

  /** Gives text in which U+FFFD takes the place of what is no UTF-8, as other encoders write it. */
  protected anyText(): string {
    const byte = this.byte("a string");
    const length = (byte & 0xe0) === 0xa0 ? byte & 31 : this.length(byte, 0xd9, 0xda, 0xdb, "a string");
    const start = this.take(length, "a string");
    return isAscii(this.source, start, this.at)
      ? this.textAt(start, this.at)
      : unescapeText(anyUtf8(this.source, start, this.at));
  }

  /** Bytes of their own: changing them does not change the payload. */
  bytes(): Uint8Array {
    const start = this.bytesStart();
    return this.source.slice(start, this.at);
  }

  /** Passes bytes; where they begin. */
  protected bytesStart(): number {
    const { source, at } = this;
    const start = at + 2;
    const end = start + (source[at + 1] ?? 0);
    if (source[at] !== 0xc4 || start > this.limit || end > this.limit)
      return this.take(this.bytesHeader(), "bytes");
    this.at = end;
    return start;
  }

  /** Says how many bytes follow. */
  bytesHeader(): number {
    return this.length(this.byte("bytes"), 0xc4, 0xc5, 0xc6, "bytes");
  }

  /** Passes over as many bytes. */
  pass(count: number): void {
    this.take(count, "bytes");
  }

  /** Says how many elements follow. */
  list(): number {
    const byte = this.byte("a list");
    const length = (byte & 0xf0) === 0x90 ? byte & 15 : this.length(byte, undefined, 0xdc, 0xdd, "a list");
    // An element is at least one byte: a longer list than there are bytes left is a lie.
    if (length > this.limit - this.at) throw new UnreadableValue("a list");
    return length;
  }

  /** Says how many pairs follow. */
  map(): number {
    const byte = this.byte("a map");
    const size = (byte & 0xf0) === 0x80 ? byte & 15 : this.length(byte, undefined, 0xde, 0xdf, "a map");
    if (size * 2 > this.limit - this.at) throw new UnreadableValue("a map");
    return size;
  }

  /** Gives an extension's type and the bytes it consists of, where they are. */
  protected extension(): { readonly type: number; readonly content: Uint8Array } {
    const byte = this.byte("an extension");
    const length = byte >= 0xd4 ? 1 << (byte - 0xd4) : this.length(byte, 0xc7, 0xc8, 0xc9, "an extension");
    const type = this.byte("an extension");
    const start = this.take(length, "an extension");
    return { type, content: this.source.subarray(start, start + length) };
  }

  protected integer(expected: string): number | bigint {
    const byte = this.byte(expected);
    if (byte < 0x80) return byte;
    if (byte >= 0xe0) return byte - 256;
    switch (byte) {
      case 0xcc:
        return this.uint(1, expected);
      case 0xcd:
        return this.uint(2, expected);
      case 0xce:
        return this.uint(4, expected);
      case 0xcf: {
        const high = this.uint(4, expected);
        const low = this.uint(4, expected);
        // Instants are such: a bigint on the way costs more than all the rest.
        return high < 0x20_0000 ? high * 2 ** 32 + low : (BigInt(high) << 32n) | BigInt(low);
      }
      case 0xd0:
        return (this.uint(1, expected) << 24) >> 24;
      case 0xd1:
        return (this.uint(2, expected) << 16) >> 16;
      case 0xd2:
        return this.uint(4, expected) | 0;
      case 0xd3:
        return this.dataView.getBigInt64(this.take(8, expected));
      default:
        throw new UnreadableValue(expected);
    }
  }

  protected get dataView(): DataView {
    const { buffer, byteOffset, byteLength } = this.source;
    this.viewOfSource ??= new DataView(buffer, byteOffset, byteLength);
    return this.viewOfSource;
  }
}
