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
 * Goes over MessagePack value by value, without looking into them. Every method throws
 * {@link UnreadableValue} where the bytes are cut short or no MessagePack.
 */
export class MsgpackCursor {
  source: Uint8Array;
  protected at: number;
  /** Where the source ends for this reader. */
  protected limit: number;

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
      if (size === 0 && (byte === BIN8 || byte === STR8) && at + 1 < limit) {
        at += 2 + (source[at + 1] ?? 0);
        pending -= 1;
      } else if (size === 0) {
        this.at = at + 1;
        pending += this.skipRest(byte) - 1;
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
   * @returns where each of them begins, and where the last one ends
   */
  bounds(count: number): number[] {
    const { source, limit } = this;
    const bounds = [this.at];
    for (let { at } = this, left = count; left > 0; left -= 1) {
      const byte = at < limit ? (source[at] ?? 0xc1) : 0xc1;
      const size = sizes[byte] ?? 0;
      // Most values are single ones.
      if (size !== 0 && children[byte] === 0) at += size;
      else if ((byte === BIN8 || byte === STR8) && at + 1 < limit) at += 2 + (source[at + 1] ?? 0);
      else {
        this.at = at;
        this.skip();
        ({ at } = this);
      }
      if (at > limit) throw new UnreadableValue("as many values as announced");
      bounds.push(at);
      this.at = at;
    }
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
        return this.skipExtension(2 ** (byte - 0xd4));
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
   * Others of msgpackr's extensions compile code and expressions, or read the same bytes again and
   * again.
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

/** A number of two bytes, highest first. */
export function uint16At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** A number of four bytes, highest first. */
export function uint32At(bytes: Uint8Array, at: number): number {
  return uint16At(bytes, at) * 0x1_0000 + uint16At(bytes, at + 2);
}
