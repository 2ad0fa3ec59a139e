import { MAX_DEPTH } from "../../checks/max-depth.js";
import { binary, untag, validDate } from "../plain/tagged.js";
import { UnreadableValue } from "../unreadable.js";
import { descaled, MAX_SCALE } from "./decimals.js";
import { keep } from "./kept-slots.js";
import { BYTES, TIMESTAMP, TYPED_ARRAY, UNDEFINED, uint32At } from "./msgpack-cursor.js";
import { MsgpackReader } from "./msgpack-reader.js";
import { type Presence, readPresence } from "./packed-object.js";
import type { PackedPart } from "./part.js";
import { base64url } from "./text.js";
import { timestamp } from "./timestamp.js";
import { uuidText } from "./uuid.js";
import { isWithin, WideSlots } from "./wide-slots.js";
import { MAX_PARTS, REST } from "./writer.js";

/** A map in a map that is tagged takes three levels of plain data. */
const MAX_PLAIN_DEPTH = 4 * MAX_DEPTH;

/** Reads what the packed format makes of MessagePack; emitted codecs call it in a straight line. */
export class PackedReader extends MsgpackReader {
  /** Slots that the schema does not know are not kept. */
  declare readonly dropsUnknown: boolean;
  declare private depth: number;
  /**
   * Where to go on after the object that is read now, if it has slots that the schema does not
   * know.
   */
  declare private around: Around | undefined;

  /**
   * @param dropsUnknown - slots that the schema does not know are not kept with the objects they
   *   are found in
   */
  constructor(bytes: Uint8Array, dropsUnknown = false, start = 0, end: number = bytes.length) {
    super(bytes, start, end);
    this.dropsUnknown = dropsUnknown;
    this.depth = 0;
    this.around = undefined;
  }

  /** Reads a value where it is. */
  static of({ bytes, start, end }: PackedPart): PackedReader {
    return new PackedReader(bytes, false, start, end);
  }

  /** Goes on at another value of the same source, whatever became of the one before. */
  begin(start: number, end: number): void {
    if (this.around !== undefined) this.comeBack();
    this.depth = 0;
    this.at = start;
    this.limit = end;
  }

  /** Turns to the source of {@link begin} again: a value that failed left the reader elsewhere. */
  private comeBack(): void {
    for (let { around } = this; around !== undefined; around = around.around) {
      this.turnTo(around.source, around.at, around.limit);
    }
    this.around = undefined;
  }

  number(): number {
    const byte = this.source[this.at] as number;
    if (byte < 0x80) {
      this.at += 1;
      return byte;
    }
    return this.longNumber(byte);
  }

  private longNumber(byte: number): number {
    if (byte === 0x92) return this.decimal();
    return byte === 0xcb || byte === 0xca ? this.float() : this.longInt(byte);
  }

  private decimal(): number {
    const { source, at } = this;
    const scale = at + 1 < this.limit ? (source[at + 1] as number) : 0;
    if (scale < 1 || scale > MAX_SCALE) throw new UnreadableValue("a number");
    this.at = at + 2;
    return descaled(scale, this.int());
  }

  /** Gives text, in whichever of the forms that `PackedWriter.string` has for it. */
  string(): string {
    const { source, at } = this;
    const byte = at < this.limit ? (source[at] as number) : 0;
    if ((byte & 0xe0) === 0xa0) return this.textAt(at + 1, at + 1 + (byte & 31));
    if ((byte & 0xf0) === 0x90) return this.parts();
    return byte >= 0xc4 && byte <= 0xc6 ? this.packedText() : this.text();
  }

  private parts(): string {
    const length = this.list();
    if (length < 2 || length > MAX_PARTS) throw new UnreadableValue("a string");
    let text = this.part();
    for (let left = length - 1; left > 0; left -= 1) text += `.${this.part()}`;
    return text;
  }

  private part(): string {
    const start = this.bytesStart();
    return base64url(this.source, start, this.at);
  }

  private packedText(): string {
    const start = this.bytesStart();
    const { source, at: end } = this;
    return end - start === 16 ? uuidText(source, start) : base64url(source, start, end);
  }

  date(): Date {
    const { source, at } = this;
    const byte = at < this.limit ? source[at] : 0;
    // Nearly all are one of these two: milliseconds of 64 bits, or seconds.
    if (byte === 0xcf && at + 9 <= this.limit) {
      this.at = at + 9;
      return validDate(uint32At(source, at + 1) * 2 ** 32 + uint32At(source, at + 5));
    }
    if (byte !== 0xd6) return validDate(this.number());
    this.take(6, "a date");
    if (source[at + 1] !== TIMESTAMP) throw new UnreadableValue("a date");
    return new Date(uint32At(source, at + 2) * 1000);
  }

  /** Bytes as a `Buffer` of Node's. */
  buffer(): Buffer {
    return binary(this.bytes());
  }

  /**
   * Gives a member of an enum, by its slot; slots of members that were removed hold `undefined`.
   */
  member<T>(members: readonly T[]): Exclude<T, undefined> {
    const member = members[this.int()];
    if (member === undefined) throw new UnreadableValue("a member of the enum");
    return member as Exclude<T, undefined>;
  }

  /** Gives the slot of a union's variant. The value follows. */
  variant(): number {
    if (this.next !== 0x92) throw new UnreadableValue("a union");
    this.at += 1;
    return this.int();
  }

  /**
   * Begins an object, whose values follow in the order of their slots, then {@link close}. What the
   * schema does not know is put aside.
   *
   * @param known - a bit for each slot of the schema, up to 29, and `REST` where keys outside of it
   *   are kept
   * @param required - those of them that must be there
   * @returns those that are there
   */
  object(known: number, required: number): number {
    const byte = this.source[this.at] as number;
    const slots = (1 << (byte & 15)) - 1;
    // What is not the first of its slots, all known, is looked at where it does not lengthen this.
    if ((byte & 0xf0) !== 0x90 || (slots & ~known) !== 0 || (slots & required) !== required)
      return this.otherObject(known, required);
    this.enter();
    this.at += 1;
    return slots;
  }

  private otherObject(known: number, required: number): number {
    this.enter();
    const { at } = this;
    let slots = this.slotsOf();
    if ((slots & ~known) !== 0) slots = this.knownSlots(at, known);
    if ((slots & required) !== required) throw new UnreadableValue("a required property");
    return slots;
  }

  /** Gives the slots of an object that has many, or gaps. */
  private slotsOf(): number {
    const { slots, hasRest } = readPresence(this);
    let bits = hasRest ? REST : 0;
    for (const slot of slots) bits |= slot < UNKNOWN ? 1 << slot : 1 << UNKNOWN;
    return bits;
  }

  /** Begins the object at that position again, with nothing in it but what is known. */
  private knownSlots(start: number, known: number): number {
    this.at = start;
    const presence = readPresence(this);
    const isKnown = (slot: number): boolean => slot < UNKNOWN && (known & (1 << slot)) !== 0;
    const keepsRest = (known & REST) !== 0;
    this.putAside(presence, isKnown, keepsRest);
    let bits = presence.hasRest && keepsRest ? REST : 0;
    for (const slot of presence.slots) if (isKnown(slot)) bits |= 1 << slot;
    return bits;
  }

  /**
   * Reads as {@link object} does, of a schema with slots above 29.
   * @param known - its slots, ascending
   * @param required - those of them that must be there, ascending
   * @param keepsRest - keys outside the schema are kept
   */
  wideObject(known: readonly number[], required: readonly number[], keepsRest = false): WideSlots {
    this.enter();
    const presence = readPresence(this);
    const { hasRest } = presence;
    let { slots } = presence;
    if ((hasRest && !keepsRest) || !isWithin(slots, known)) {
      const all = new Set(known);
      const isKnown = (slot: number): boolean => all.has(slot);
      this.putAside(presence, isKnown, keepsRest);
      slots = slots.filter(isKnown);
    }
    if (!isWithin(required, slots)) throw new UnreadableValue("a required property");
    return new WideSlots(slots, hasRest && keepsRest);
  }

  /** Reads an object's values, and goes on with those of them alone that the schema knows. */
  private putAside(
    { slots, hasRest }: Presence,
    isKnown: (slot: number) => boolean,
    keepsRest: boolean,
  ): void {
    const kept = new Map<number, Uint8Array>();
    const known: Uint8Array[] = [];
    for (const slot of slots) {
      const value = this.view();
      if (isKnown(slot)) known.push(value);
      else if (!this.dropsUnknown) kept.set(slot, value.slice());
    }
    let rest: Uint8Array | undefined;
    if (hasRest) {
      // Names that this version does not know, or those of a schema that had more of them.
      const names = this.view();
      if (keepsRest) known.push(names);
      else if (!this.dropsUnknown) rest = names.slice();
    }
    const { source, at, limit } = this;
    this.around = { source, at, limit, kept, rest, depth: this.depth, around: this.around };
    const bytes = joined(known);
    this.turnTo(bytes, 0, bytes.length);
  }

  /** Ends an object, and gives it back. What was put aside is kept with it. */
  close<T extends object>(value: T): T {
    if (this.around !== undefined) this.leaveAround(this.around, value);
    this.depth -= 1;
    return value;
  }

  /** Goes on behind the object, if it is the one whose values were read from elsewhere. */
  private leaveAround({ source, at, limit, kept, rest, depth, around }: Around, value: object): void {
    if (depth !== this.depth) return;
    this.end();
    this.turnTo(source, at, limit);
    this.around = around;
    keep(value, { slots: kept, rest });
  }

  /**
   * Gives the next value, whatever it is, if plain data can hold it: integers of 64 bits as
   * bigints, maps as objects.
   */
  value(depth = 0): unknown {
    if (depth > MAX_PLAIN_DEPTH) throw new UnreadableValue("less nesting");
    const byte = this.next ?? 0xc1;
    if (byte < 0x80 || byte >= 0xe0) return this.int();
    if (byte < 0x90 || byte === 0xde || byte === 0xdf) return this.plainObject(depth + 1);
    if (byte < 0xa0 || byte === 0xdc || byte === 0xdd) return this.plainList(depth + 1);
    // Other encoders write lone surrogates as they are: U+FFFD is better than no value.
    if (byte < 0xc0 || byte >= 0xd9) return this.anyText();
    if (byte >= 0xd4 || (byte >= 0xc7 && byte <= 0xc9)) return this.plainExtension();
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
        return this.float();
    }
  }

  private plainList(depth: number): unknown[] {
    const length = this.list();
    const items: unknown[] = [];
    for (let index = 0; index < length; index += 1) items.push(this.value(depth));
    return items;
  }

  private plainObject(depth: number): Readonly<Record<string, unknown>> {
    const size = this.map();
    const object: Record<string, unknown> = {};
    for (let index = 0; index < size; index += 1) {
      const key = this.value(depth);
      if (key === undefined || typeof key === "object") throw new UnreadableValue("a key of text");
      if (key === "__proto__") throw new UnreadableValue("a key other than __proto__");
      object[String(key)] = this.value(depth);
    }
    return object;
  }

  private plainExtension(): Date | Uint8Array | undefined {
    const { type, content } = this.extension();
    if (type === UNDEFINED) return undefined;
    if (type === TIMESTAMP) return timestamp(content);
    if (type === TYPED_ARRAY && content[0] === BYTES) return Uint8Array.from(content.subarray(1));
    throw new UnreadableValue("a known extension");
  }

  /** Does the inverse of `PackedWriter.unknown`. */
  unknown(): unknown {
    return untag(this.value());
  }

  /**
   * Enters a nested value; emitted codecs of recursive types call it so that depth stays bounded.
   */
  enter(): void {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new UnreadableValue("less nesting");
  }

  /** Leaves a nested value. */
  leave(): void {
    this.depth -= 1;
  }
}

/** The bit that stands for all slots that a schema without wide objects has none of. */
const UNKNOWN = 30;

/** An object whose values are read from other bytes than those it stands in. */
interface Around {
  readonly source: Uint8Array;
  readonly at: number;
  readonly limit: number;
  readonly kept: ReadonlyMap<number, Uint8Array>;
  readonly rest: Uint8Array | undefined;
  /** Of the object. */
  readonly depth: number;
  readonly around: Around | undefined;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
