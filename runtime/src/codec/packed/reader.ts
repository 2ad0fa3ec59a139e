import { MAX_DEPTH } from "../../checks/max-depth.js";
import { untag, validDate } from "../plain/tagged.js";
import { UnreadableValue } from "../unreadable.js";
import { BYTES, MsgpackReader, TIMESTAMP, TYPED_ARRAY, UNDEFINED } from "./msgpack-reader.js";

/** More than any schema has. */
export const MAX_SLOTS = 65_536;
/** A map in a map that is tagged takes three levels of plain data. */
const MAX_PLAIN_DEPTH = 4 * MAX_DEPTH;
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Reads what the packed format makes of MessagePack; emitted codecs call it in a straight line. */
export class PackedReader extends MsgpackReader {
  /** Slots that the schema does not know are not kept. */
  readonly dropsUnknown: boolean;
  #depth = 0;

  /**
   * @param dropsUnknown - slots that the schema does not know are not kept with the objects they
   *   are found in
   */
  constructor(bytes: Uint8Array, dropsUnknown = false) {
    super(bytes);
    this.dropsUnknown = dropsUnknown;
  }

  uuid(): string {
    if (this.next !== 0xc4) return this.string();
    const bytes = this.bytes();
    if (bytes.length !== 16) throw new UnreadableValue("a UUID");
    let text = "";
    for (let index = 0; index < 16; index += 1) {
      if (index === 4 || index === 6 || index === 8 || index === 10) text += "-";
      text += hex[bytes[index] ?? 0];
    }
    return text;
  }

  date(): Date {
    return validDate(this.number());
  }

  /** The slots that are present, in order. */
  bitmap(): number[] {
    const byte = this.next;
    const slots: number[] = [];
    if (byte === 0xc4 || byte === 0xc5 || byte === 0xc6) {
      const bitmap = this.bytes();
      if (bitmap.length * 8 > MAX_SLOTS) throw new UnreadableValue("fewer slots");
      for (const [index, bits] of bitmap.entries()) {
        for (let bit = 0; bit < 8; bit += 1) if (bits & (1 << bit)) slots.push(index * 8 + bit);
      }
    } else {
      let bits = this.int();
      if (bits < 0 || bits >= 2 ** 32) throw new UnreadableValue("a bitmap");
      for (let slot = 0; bits > 0; slot += 1) {
        if (bits % 2 === 1) slots.push(slot);
        bits = Math.floor(bits / 2);
      }
    }
    return slots;
  }

  /**
   * The next value, whatever it is, if plain data can hold it: integers of 64 bits as bigints, maps
   * as objects.
   */
  value(depth = 0): unknown {
    if (depth > MAX_PLAIN_DEPTH) throw new UnreadableValue("less nesting");
    const byte = this.next ?? 0xc1;
    if (byte < 0x80 || byte >= 0xe0) return this.int();
    if (byte < 0x90 || byte === 0xde || byte === 0xdf) return this.#object(depth + 1);
    if (byte < 0xa0 || byte === 0xdc || byte === 0xdd) return this.#list(depth + 1);
    // Other encoders write lone surrogates as they are: U+FFFD is better than no value.
    if (byte < 0xc0 || byte >= 0xd9) return this.text(false);
    if (byte >= 0xd4 || (byte >= 0xc7 && byte <= 0xc9)) return this.#extension();
    switch (byte) {
      case 0xc0:
        return this.nil();
      case 0xc2:
      case 0xc3:
        return this.boolean();
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.bytes();
      case 0xcf:
      case 0xd3:
        return this.bigint();
      default:
        return this.number();
    }
  }

  #list(depth: number): unknown[] {
    const length = this.arrayHeader();
    const items: unknown[] = [];
    for (let index = 0; index < length; index += 1) items.push(this.value(depth));
    return items;
  }

  #object(depth: number): Readonly<Record<string, unknown>> {
    const size = this.mapHeader();
    const object: Record<string, unknown> = {};
    for (let index = 0; index < size; index += 1) {
      const key = this.value(depth);
      if (key === undefined || typeof key === "object") throw new UnreadableValue("a key of text");
      if (key === "__proto__") throw new UnreadableValue("a key other than __proto__");
      object[String(key)] = this.value(depth);
    }
    return object;
  }

  #extension(): Date | Uint8Array | undefined {
    const { type, content } = this.extension();
    if (type === UNDEFINED) return undefined;
    if (type === TIMESTAMP) return timestamp(content);
    if (type === TYPED_ARRAY && content[0] === BYTES) return Uint8Array.from(content.subarray(1));
    throw new UnreadableValue("a known extension");
  }

  /** The inverse of `PackedWriter.unknown`. */
  unknown(): unknown {
    return untag(this.value());
  }

  /**
   * Enters a nested value; emitted codecs of recursive types call it so that depth stays bounded.
   */
  enter(): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new UnreadableValue("less nesting");
  }

  /** Leaves a nested value. */
  leave(): void {
    this.#depth -= 1;
  }
}

/** An instant in one of the three sizes; others are none. */
function timestamp({ buffer, byteOffset, length }: Uint8Array): Date {
  const view = new DataView(buffer, byteOffset, length);
  if (length === 4) return new Date(view.getUint32(0) * 1000);
  if (length === 8) {
    const high = view.getUint32(0);
    // 30 bits of nanoseconds and 34 bits of seconds.
    return new Date((high >>> 2) / 1e6 + ((high & 3) * 2 ** 32 + view.getUint32(4)) * 1000);
  }
  if (length === 12) return new Date(view.getUint32(0) / 1e6 + Number(view.getBigInt64(4)) * 1000);
  throw new UnreadableValue("a date");
}
