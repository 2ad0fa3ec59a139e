import { UnreadableValue } from "../unreadable.js";
import { SEALED } from "./sealed.js";

/**
 * The extensions that a session may contain: MessagePack's own timestamps, msgpackr's `undefined`,
 * and its bytes (typed array 1). Encrypted values have one of our own.
 */
export const TIMESTAMP = 0xff;
export const UNDEFINED = 0;
export const TYPED_ARRAY = 0x74;
export const BYTES = 1;
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads MessagePack one value after the other. Every method throws {@link UnreadableValue} when the
 * next value is of another kind or is cut short, and never allocates more than the bytes at hand
 * justify.
 *
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export class MsgpackReader {
  readonly #bytes: Uint8Array;
  /** Made when a number needs it: most readers meet none that does. */
  #lazyView: DataView | undefined;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The first byte of the next value. */
  protected get next(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** Throws unless everything was read. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new UnreadableValue("the end of the data");
  }

  /** Whether the next value is `nil`; read it when it is. */
  tryNil(): boolean {
    if (this.#bytes[this.#at] !== 0xc0) return false;
    this.#at += 1;
    return true;
  }

  /** Whether the next value is `undefined`; read it when it is. */
  tryUndefined(): boolean {
    const at = this.#at;
    const bytes = this.#bytes;
    if (bytes[at] !== 0xd4 || bytes[at + 1] !== 0 || bytes[at + 2] !== 0) return false;
    this.#at += 3;
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

  number(): number {
    const byte = this.#bytes[this.#at];
    if (byte === 0xcb) {
      const at = this.#take(9, "a number");
      return this.#view.getFloat64(at + 1);
    }
    if (byte === 0xca) {
      const at = this.#take(5, "a number");
      return this.#view.getFloat32(at + 1);
    }
    return this.int();
  }

  /** A safe integer. */
  int(): number {
    const value = this.#integer("an integer");
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new UnreadableValue("a safe integer");
    return number;
  }

  bigint(): bigint {
    const byte = this.#bytes[this.#at] ?? 0;
    if (byte >= 0xa0 && byte <= 0xdb && (byte < 0xc0 || byte >= 0xd9)) {
      const digits = this.string();
      // BigInt is quadratic in the digits; nobody keeps numbers of 10 000 digits in a session.
      if (digits.length > 10_000 || !/^-?\d+$/.test(digits)) throw new UnreadableValue("a bigint");
      return BigInt(digits);
    }
    return BigInt(this.#integer("a bigint"));
  }

  string(): string {
    return this.text(true);
  }

  /** @param isStrict - what is no UTF-8 throws; otherwise U+FFFD takes its place */
  protected text(isStrict: boolean): string {
    const byte = this.#byte("a string");
    const length = (byte & 0xe0) === 0xa0 ? byte & 31 : this.#length(byte, 0xd9, 0xda, 0xdb, "a string");
    const start = this.#take(length, "a string");
    if (length < 24) {
      // For short ASCII this is faster than the decoder's fixed cost.
      let text = "";
      let index = start;
      const end = start + length;
      for (; index < end; index += 1) {
        const code = this.#bytes[index] ?? 0x80;
        if (code > 0x7f) break;
        text += String.fromCharCode(code);
      }
      if (index === end) return text;
    }
    try {
      return (isStrict ? strict : lenient).decode(this.#bytes.subarray(start, start + length));
    } catch (cause) {
      throw new UnreadableValue("UTF-8", { cause });
    }
  }

  /** Bytes of their own: changing them does not change the payload. */
  bytes(): Uint8Array {
    const length = this.#length(this.#byte("bytes"), 0xc4, 0xc5, 0xc6, "bytes");
    const start = this.#take(length, "bytes");
    return this.#bytes.slice(start, start + length);
  }

  /** How many elements follow. */
  arrayHeader(): number {
    const byte = this.#byte("a list");
    const length = (byte & 0xf0) === 0x90 ? byte & 15 : this.#length(byte, undefined, 0xdc, 0xdd, "a list");
    // An element is at least one byte: a longer list than there are bytes left is a lie.
    if (length > this.#bytes.length - this.#at) throw new UnreadableValue("a list");
    return length;
  }

  /** How many pairs follow. */
  mapHeader(): number {
    const byte = this.#byte("a map");
    const size = (byte & 0xf0) === 0x80 ? byte & 15 : this.#length(byte, undefined, 0xde, 0xdf, "a map");
    if (size * 2 > this.#bytes.length - this.#at) throw new UnreadableValue("a map");
    return size;
  }

  /** An extension's type and the bytes it consists of, where they are. */
  protected extension(): { readonly type: number; readonly content: Uint8Array } {
    const byte = this.#byte("an extension");
    const length = byte >= 0xd4 ? 2 ** (byte - 0xd4) : this.#length(byte, 0xc7, 0xc8, 0xc9, "an extension");
    const type = this.#byte("an extension");
    const start = this.#take(length, "an extension");
    return { type, content: this.#bytes.subarray(start, start + length) };
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
    const start = this.#at;
    this.skip();
    const { buffer, byteOffset } = this.#bytes;
    return new Uint8Array(buffer, byteOffset + start, this.#at - start);
  }

  /**
   * Skips one value, however nested, without recursion. Vets it, too: decoders of others find in it
   * only what they can handle.
   */
  skip(): void {
    let pending = 1;
    while (pending > 0) {
      pending -= 1;
      const byte = this.#byte("a value");
      if (byte < 0x80 || byte >= 0xe0) continue;
      if (byte < 0x90) pending += (byte & 15) * 2;
      else if (byte < 0xa0) pending += byte & 15;
      else if (byte < 0xc0) this.#take(byte & 31, "a string");
      else pending += this.#skipRest(byte);
      if (pending > this.#bytes.length - this.#at) throw new UnreadableValue("as many values as announced");
    }
  }

  /**
   * Skips what belongs to a value whose first byte lies in 0xc0..0xdf; how many values follow
   * inside it.
   */
  #skipRest(byte: number): number {
    switch (byte) {
      case 0xc0: // nil, false, true
      case 0xc2:
      case 0xc3:
        return 0;
      case 0xc4: // bin
      case 0xd9: // str
        this.#take(this.#uint(1), "a value");
        return 0;
      case 0xc5:
      case 0xda:
        this.#take(this.#uint(2), "a value");
        return 0;
      case 0xc6:
      case 0xdb:
        this.#take(this.#uint(4), "a value");
        return 0;
      case 0xc7: // ext
        return this.#skipExtension(this.#uint(1));
      case 0xc8:
        return this.#skipExtension(this.#uint(2));
      case 0xc9:
        return this.#skipExtension(this.#uint(4));
      case 0xcc: // integers and floats
      case 0xd0:
        this.#take(1, "a number");
        return 0;
      case 0xcd:
      case 0xd1:
        this.#take(2, "a number");
        return 0;
      case 0xca:
      case 0xce:
      case 0xd2:
        this.#take(4, "a number");
        return 0;
      case 0xcb:
      case 0xcf:
      case 0xd3:
        this.#take(8, "a number");
        return 0;
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
    const start = this.#take(length, "a value");
    const bytes = type === TYPED_ARRAY && length > 0 && this.#bytes[start] === BYTES;
    if (!bytes && type !== TIMESTAMP && type !== UNDEFINED && type !== SEALED)
      throw new UnreadableValue("a known extension");
    return 0;
  }

  #integer(expected: string): number | bigint {
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
        return this.#view.getInt8(this.#take(1, expected));
      case 0xd1:
        return this.#view.getInt16(this.#take(2, expected));
      case 0xd2:
        return this.#view.getInt32(this.#take(4, expected));
      case 0xd3:
        return this.#view.getBigInt64(this.#take(8, expected));
      default:
        throw new UnreadableValue(expected);
    }
  }

  #length(byte: number, one: number | undefined, two: number, four: number, expected: string): number {
    if (byte === one) return this.#uint(1);
    if (byte === two) return this.#uint(2);
    if (byte === four) return this.#uint(4);
    throw new UnreadableValue(expected);
  }

  #uint(size: 1 | 2 | 4, expected = "a length"): number {
    const at = this.#take(size, expected);
    let value = 0;
    for (let index = at; index < at + size; index += 1) value = value * 256 + (this.#bytes[index] ?? 0);
    return value;
  }

  #byte(expected: string): number {
    const at = this.#take(1, expected);
    return this.#bytes[at] ?? 0;
  }

  get #view(): DataView {
    const { buffer, byteOffset, byteLength } = this.#bytes;
    this.#lazyView ??= new DataView(buffer, byteOffset, byteLength);
    return this.#lazyView;
  }

  /** Moves past that many bytes; the position of the first. */
  #take(count: number, expected: string): number {
    const at = this.#at;
    if (count > this.#bytes.length - at) throw new UnreadableValue(expected);
    this.#at = at + count;
    return at;
  }
}
