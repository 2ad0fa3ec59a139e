import { UnreadableValue } from "../unreadable.js";
import { MsgpackReader } from "./msgpack-reader.js";

/** More than any schema has. */
export const MAX_SLOTS = 65_536;

/**
 * A packed object, whatever the schema: `[...values of the slots 0, 1, 2, …]`, or
 * `{ bits of the slots: [...values in slot order, rest?] }`.
 */
export class PackedObject {
  /** By slot, ascending. */
  readonly values: ReadonlyMap<number, Uint8Array>;
  /** The keys outside the schema: a map. */
  readonly rest: Uint8Array | undefined;
  readonly none: Uint8Array = new Uint8Array();

  /** @throws UnreadableValue when the bytes are no such object */
  constructor(bytes: Uint8Array) {
    const reader = new MsgpackReader(bytes);
    const { slots, hasRest } = readPresence(reader);
    this.values = new Map(slots.map((slot) => [slot, reader.view()]));
    this.rest = hasRest ? reader.view() : undefined;
    reader.end();
  }
}

/** Which slots are present, ascending, and whether the keys outside the schema follow them. */
export interface Presence {
  readonly slots: readonly number[];
  readonly hasRest: boolean;
}

/**
 * Reads how an object begins. Its values follow.
 * @throws UnreadableValue
 */
export function readPresence(reader: MsgpackReader): Presence {
  if (!reader.isMap()) {
    const length = reader.list();
    if (length > MAX_SLOTS) throw new UnreadableValue("fewer slots");
    return { slots: firstSlots(length), hasRest: false };
  }
  if (reader.map() !== 1) throw new UnreadableValue("an object");
  const slots = readBits(reader);
  const extra = reader.list() - slots.length;
  if (extra !== 0 && extra !== 1) throw new UnreadableValue("an object");
  return { slots, hasRest: extra === 1 };
}

/**
 * The slots that bits stand for: an integer while all are below 31, else bytes, lowest slot first.
 */
function readBits(reader: MsgpackReader): number[] {
  if (!reader.isBytes()) {
    const bits = reader.int();
    if (bits < 0 || bits >= 2 ** 31) throw new UnreadableValue("the slots of an object");
    return slotsIn(Uint8Array.of(bits, bits >> 8, bits >> 16, bits >> 24));
  }
  const bits = reader.bytes();
  if (bits.length * 8 > MAX_SLOTS) throw new UnreadableValue("fewer slots");
  return slotsIn(bits);
}

/** As many as most objects have at most: made once. */
const few = Array.from({ length: 32 }, (_, count) => countTo(count));

/** Gives the slots 0, 1, 2, … */
export function firstSlots(count: number): readonly number[] {
  return few[count] ?? countTo(count);
}

function countTo(count: number): number[] {
  const slots: number[] = [];
  for (let slot = 0; slot < count; slot += 1) slots.push(slot);
  return slots;
}

/**
 * Gives slots as bits, slot 0 the lowest of the first byte.
 * @param slots - ascending
 */
export function bitmap(slots: readonly number[]): Uint8Array {
  const bits = new Uint8Array(((slots.at(-1) ?? -1) >> 3) + 1);
  for (let index = 0; index < slots.length; index += 1) {
    const slot = slots[index] as number;
    bits[slot >> 3] = (bits[slot >> 3] as number) | (1 << (slot & 7));
  }
  return bits;
}

/** Gives the bits that are set, lowest first. */
export function slotsIn(bytes: Uint8Array, start = 0, end: number = bytes.length): number[] {
  const slots: number[] = [];
  for (let at = start; at < end; at += 1) {
    const first = (at - start) * 8;
    // The lowest bit that is set, then without it.
    for (let bits = bytes[at] ?? 0; bits !== 0; bits &= bits - 1)
      slots.push(first + 31 - Math.clz32(bits & -bits));
  }
  return slots;
}
