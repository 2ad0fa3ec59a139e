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

/** Bytes and text whose length is one byte, the most frequent of those that say it apart. */
const BIN8 = 0xc4;
const STR8 = 0xd9;
/** Integers without a sign, of 1, 2, 4 and 8 bytes. */
const UINT8 = 0xcc;
const UINT64 = 0xcf;
/** A date of whole seconds, if its type says so. */
const FIXEXT4 = 0xd6;
/** Never used by MessagePack: stands for the byte where there is none. */
const END = 0xc1;

/**
 * How many bytes a value has whose first byte this is, from 0xc0 on; 0 where more bytes say so, or
 * none may.
 */
const sizes = new Uint8Array(256);
for (const [byte, size] of [
  [0xc0, 1], // nil
  [0xc2, 1], // booleans
  [0xc3, 1],
  [0xca, 5], // floats
  [0xcb, 9],
] as const)
  sizes[byte] = size;
// Integers with a sign and without, and those from -32 to -1.
for (const first of [0xcc, 0xd0]) for (let log = 0; log < 4; log += 1) sizes[first + log] = 1 + 2 ** log;
sizes.fill(1, 0xe0);

/**
 * Goes over MessagePack value by value, without looking into them. Every method throws
 * {@link UnreadableValue} where the bytes are cut short or no MessagePack.
 */
export class MsgpackCursor {
  // Declared, here and in those that extend this: a field is first made `undefined`, and V8 then no
  // longer knows that it holds integers.
  declare source: Uint8Array;
  declare protected at: number;
  /** Where the source ends for this reader. */
  declare protected limit: number;

  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.source = bytes;
    this.at = start;
    this.limit = end;
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

  /** Gives the bytes of the next value, of their own. */
  slice(): Uint8Array {
    return this.view().slice();
  }

  /**
   * Gives the bytes of the next value where they are: for who neither changes them nor keeps them
   * for long.
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
    for (let pending = 1; pending > 0; ) {
      pending = this.skipSimple(pending);
      if (pending > 0) pending += this.skipRest(this.byte("as many values as announced")) - 1;
    }
  }

  /**
   * Skips values up to one that takes a look at more than its first bytes.
   * @param pending - so many
   * @returns how many are left
   */
  private skipSimple(pending: number): number {
    const { source, limit } = this;
    let { at } = this;
    let left = pending;
    // Nothing is called here, and bytes are compared, not looked up: the processor guesses ahead
    // where the next value begins.
    for (; left > 0 && at < limit; left -= 1) {
      const byte = source[at] as number;
      if (byte < 0x80 || byte >= 0xe0) at += 1;
      else if (byte < 0x90) {
        at += 1;
        left += (byte & 15) * 2;
      } else if (byte < 0xa0) {
        at += 1;
        left += byte & 15;
      } else if (byte < 0xc0) at += 1 + (byte & 31);
      else if (sizes[byte] !== 0) at += sizes[byte] as number;
      else if ((byte === BIN8 || byte === STR8) && at + 1 < limit) at += 2 + (source[at + 1] as number);
      else if (byte === FIXEXT4 && source[at + 1] === TIMESTAMP) at += 6;
      else break;
    }
    if (at > limit) throw new UnreadableValue("as many values as announced");
    this.at = at;
    return left;
  }

  /**
   * Skips values.
   * @returns where each of them begins, and where the last one ends
   */
  bounds(count: number): number[] {
    const { source, limit } = this;
    let { at } = this;
    // As long as it gets: one that grows is copied on the way.
    const bounds = new Array<number>(count + 1);
    bounds[0] = at;
    for (let index = 1; index <= count; index += 1) {
      const byte = at < limit ? (source[at] as number) : END;
      // What nearly all are: a number, a boolean, a short text, a UUID, a date.
      if (byte < 0x80 || byte === 0xc2 || byte === 0xc3) at += 1;
      else if ((byte & 0xe0) === 0xa0) at += 1 + (byte & 31);
      else if (byte === BIN8 && at + 1 < limit) at += 2 + (source[at + 1] as number);
      else if (byte >= UINT8 && byte <= UINT64) at += 1 + (1 << (byte - UINT8));
      else if (byte === FIXEXT4 && source[at + 1] === TIMESTAMP) at += 6;
      else {
        this.at = at;
        this.skip();
        at = this.at;
      }
      bounds[index] = at;
    }
    if (at > limit) throw new UnreadableValue("as many values as announced");
    this.at = at;
    return bounds;
  }

  /** Skips what belongs to a value with a length of its own; how many values lie inside it. */
  private skipRest(byte: number): number {
    switch (byte) {
      case 0xc4: // bin
      case 0xd9: // str
        this.take(this.uint(1), "a value");
        return 0;
      case 0xc5:
      case 0xda:
        this.take(this.uint(2), "a value");
        return 0;
      case 0xc6:
      case 0xdb:
        this.take(this.uint(4), "a value");
        return 0;
      case 0xc7: // ext
        return this.skipExtension(this.uint(1));
      case 0xc8:
        return this.skipExtension(this.uint(2));
      case 0xc9:
        return this.skipExtension(this.uint(4));
      case 0xd4: // fixext
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.skipExtension(1 << (byte - 0xd4));
      case 0xdc: // array
        return this.uint(2);
      case 0xdd:
        return this.uint(4);
      case 0xde: // map
        return this.uint(2) * 2;
      case 0xdf:
        return this.uint(4) * 2;
      default:
        throw new UnreadableValue("MessagePack");
    }
  }

  /**
   * Passes an extension. Others of msgpackr's extensions compile code and expressions, or read the
   * same bytes again and again.
   */
  private skipExtension(length: number): 0 {
    const type = this.byte("a value");
    const start = this.take(length, "a value");
    const bytes = type === TYPED_ARRAY && length > 0 && this.source[start] === BYTES;
    if (!bytes && type !== TIMESTAMP && type !== UNDEFINED && type !== SEALED)
      throw new UnreadableValue("a known extension");
    return 0;
  }

  protected length(
    byte: number,
    one: number | undefined,
    two: number,
    four: number,
    expected: string,
  ): number {
    if (byte === one) return this.uint(1);
    if (byte === two) return this.uint(2);
    if (byte === four) return this.uint(4);
    throw new UnreadableValue(expected);
  }

  protected uint(size: 1 | 2 | 4, expected = "a length"): number {
    const at = this.take(size, expected);
    const { source } = this;
    if (size === 1) return source[at] ?? 0;
    return size === 2 ? uint16At(source, at) : uint32At(source, at);
  }

  protected byte(expected: string): number {
    const { at } = this;
    if (at >= this.limit) throw new UnreadableValue(expected);
    this.at = at + 1;
    return this.source[at] ?? 0;
  }

  /** Moves past that many bytes; the position of the first. */
  protected take(count: number, expected: string): number {
    const { at } = this;
    if (count > this.limit - at) throw new UnreadableValue(expected);
    this.at = at + count;
    return at;
  }
}

/** Gives a number of two bytes, highest first. */
export function uint16At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/** Gives a number of four bytes, highest first. */
export function uint32At(bytes: Uint8Array, at: number): number {
  return uint16At(bytes, at) * 0x1_0000 + uint16At(bytes, at + 2);
}
