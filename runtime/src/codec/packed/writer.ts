import { tag } from "../plain/tagged.js";
import { MAX_SCALE, scaledBy, scaledInteger } from "./decimals.js";
import { keptOf } from "./kept-slots.js";
import { MsgpackWriter } from "./msgpack-writer.js";
import { bitmap, PackedObject } from "./packed-object.js";
import { writeBase64url } from "./text.js";
import { UUID_LENGTH, writeUuid } from "./uuid.js";

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
export class PackedWriter extends MsgpackWriter {
  /**
   * Writes a safe integer other than -0 in the shortest integer form; a decimal fraction of few
   * digits as `[digits behind the point, integer]`; every other number as a 64-bit float.
   */
  number(value: number): void {
    if (Number.isSafeInteger(value)) {
      if (value !== 0 || 1 / value > 0) return this.int(value);
    } else {
      const scale = scaledBy(value);
      if (scale <= MAX_SCALE) {
        const at = this.grow(2);
        this.buffer[at] = 0x92;
        this.buffer[at + 1] = scale;
        return this.int(scaledInteger(value, scale));
      }
    }
    this.float(value);
  }

  /** Writes it as an integer of at most 64 bits if it fits, otherwise as its decimal digits. */
  bigint(value: bigint): void {
    if (value >= -(1n << 63n) && value < 1n << 64n) this.int64(value);
    else this.text(value.toString());
  }

  /**
   * Writes text: a canonical UUID as its 16 bytes; base64url of at least 32 characters as the bytes
   * it was made of, of parts with dots between them, as tokens are, a list of those. All else as it
   * is.
   */
  string(value: string): void {
    if (value.length < MIN_BASE64URL || !this.compact(value)) this.text(value);
  }

  /** Writes text that is kept as bytes; whether it is. */
  private compact(value: string): boolean {
    const start = this.at - this.start;
    if (value.length === UUID_LENGTH) {
      const at = this.grow(18);
      this.buffer[at] = 0xc4;
      this.buffer[at + 1] = 16;
      if (writeUuid(this.buffer, at + 2, value)) return true;
      this.at = at;
    }
    const dot = value.indexOf(".");
    if (dot === -1 ? this.part(value) : this.parts(value, dot)) return true;
    this.at = this.start + start;
    return false;
  }

  /**
   * Writes the parts of text that dots keep apart.
   * @param dot - the first one
   */
  private parts(value: string, dot: number): boolean {
    // How many they are is known at the end.
    const head = this.grow(1) - this.start;
    let parts = 1;
    let from = 0;
    for (let to = dot; to !== -1; to = value.indexOf(".", from)) {
      parts += 1;
      if (parts > MAX_PARTS || !this.part(value.slice(from, to))) return false;
      from = to + 1;
    }
    this.buffer[this.start + head] = 0x90 | parts;
    return this.part(value.slice(from));
  }

  private part(text: string): boolean {
    const size = (text.length * 3) >> 2;
    const at = this.bytesRoom(size);
    return writeBase64url(this.buffer, at, text);
  }

  /**
   * Writes whole seconds as MessagePack's own dates of 32 bits, while they fit; else milliseconds
   * since the Unix epoch, as an integer. An invalid date is `NaN`.
   */
  date(value: Date): void {
    const time = value.getTime();
    const seconds = time / 1000;
    if (seconds >= 0 && seconds < 0x1_0000_0000 && Number.isInteger(seconds)) {
      const at = this.grow(6);
      this.buffer[at] = 0xd6;
      this.buffer[at + 1] = 0xff;
      this.view.setUint32(at + 2, seconds);
    } else {
      this.number(time);
    }
  }

  /** Writes a member of an enum: its slot, by which `members` lists them. */
  member(value: unknown, members: readonly unknown[]): void {
    this.uint(members.indexOf(value));
  }

  /** Writes a union: `[slot of the variant, value]`. The value follows. */
  variant(slot: number): void {
    this.byte(0x92);
    this.uint(slot);
  }

  /**
   * Writes an object, whose values follow in the order of their slots, then {@link close}. A list
   * where it has the first slots and nothing else; else a map from the bits of its slots to the
   * list.
   *
   * @param slots - a bit for each that is present, and {@link REST} where one more value follows: a
   *   map of the keys outside the schema
   * @returns what `close` asks for
   */
  object(slots: number): number {
    const start = this.at - this.start;
    if (slots >= 0 && (slots & (slots + 1)) === 0) {
      this.list(32 - Math.clz32(slots));
    } else {
      const bits = slots & ~REST;
      this.byte(0x81);
      this.uint(bits);
      this.list(bitCount(bits) + (slots < 0 ? 1 : 0));
    }
    return start;
  }

  /** Does as {@link object}, of a schema with slots above 29. */
  wideObject(slots: readonly number[], hasRest = false): number {
    const start = this.at - this.start;
    const last = slots.at(-1) ?? -1;
    if (hasRest || last !== slots.length - 1) {
      const bits = bitmap(slots);
      this.byte(0x81);
      if (last < 31) this.uint(slotBits(bits));
      else this.bytes(bits);
    }
    this.list(slots.length + (hasRest ? 1 : 0));
    return start;
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
    const from = this.start + start;
    const known = new PackedObject(this.buffer.slice(from, this.at));
    this.at = from;
    const values = new Map([...kept.slots, ...known.values]);
    const slots = [...values.keys()].sort((one, other) => one - other);
    const rest = known.rest ?? kept.rest;
    this.wideObject(slots, rest !== undefined);
    for (const slot of slots) this.raw(values.get(slot) ?? known.none);
    if (rest !== undefined) this.raw(rest);
  }

  /** Writes a value of a type the schema does not tell; what MessagePack cannot hold is tagged. */
  unknown(value: unknown): void {
    this.value(tag(value, "msgpack"));
  }
}

/** Gives the bits of slots below 31 as one number. */
function slotBits([one = 0, two = 0, three = 0, four = 0]: Uint8Array): number {
  return one | (two << 8) | (three << 16) | (four << 24);
}

function bitCount(bits: number): number {
  let left = bits;
  let count = 0;
  for (; left !== 0; left &= left - 1) count += 1;
  return count;
}
