import { toBase64 } from "../plain/tagged.js";
import { slotsFromPlain } from "../record/slots.js";
import { UnreadableValue } from "../unreadable.js";
import { keepSlots, keptOf } from "./kept-slots.js";
import { readPresence } from "./packed-object.js";
import type { PackedReader } from "./reader.js";
import type { PackedWriter } from "./writer.js";

/**
 * Begins a packed object.
 *
 * @param value - the object about to be written
 * @param slots - the known slots that are present, ascending
 * @param rest - one more value follows the slots: the keys outside the schema
 * @returns what must be written between the known slots, if there is anything
 */
export function beginObject(
  writer: PackedWriter,
  value: object,
  slots: readonly number[],
  rest = false,
): KeptSlots | undefined {
  const kept = keptOf(value);
  const all = kept === undefined ? slots : [...slots, ...kept.keys()].sort((a, b) => a - b);
  writer.wideObject(all, rest);
  return kept && new KeptSlots(writer, kept);
}

/** Writes slots that the schema does not know at their place among those it knows. */
export class KeptSlots {
  readonly #writer: PackedWriter;
  readonly #slots: (readonly [number, Uint8Array])[];

  constructor(writer: PackedWriter, slots: ReadonlyMap<number, Uint8Array>) {
    this.#writer = writer;
    this.#slots = [...slots];
  }

  /** Writes what comes before the slot; everything that is left without one. */
  before(slot: number = Number.POSITIVE_INFINITY): void {
    for (let next = this.#slots[0]; next !== undefined && next[0] < slot; next = this.#slots[0]) {
      this.#writer.raw(next[1]);
      this.#slots.shift();
    }
  }
}

/** Reads a packed object slot by slot, in ascending order. */
export class ObjectSlots {
  readonly #reader: PackedReader;
  readonly #present: readonly number[];
  readonly #rest: boolean;
  #next = 0;
  #kept: Map<number, Uint8Array> | undefined;

  /** Reads the header and the bitmap. Throws `UnreadableValue` when they do not fit together. */
  constructor(reader: PackedReader) {
    this.#reader = reader;
    reader.enter();
    const { slots, hasRest } = readPresence(reader);
    this.#present = slots;
    this.#rest = hasRest;
  }

  /** Whether the slot is present; its value is then read next. Slots below it are kept unread. */
  has(slot: number): boolean {
    for (let next = this.#present[this.#next]; next !== undefined; next = this.#present[this.#next]) {
      if (next > slot) return false;
      this.#next += 1;
      if (next === slot) return true;
      this.#keep(next);
    }
    return false;
  }

  /** Like {@link has} for a property that must be there. */
  require(slot: number): void {
    if (!this.has(slot)) throw new UnreadableValue("a required property");
  }

  /** After the last slot: whether the keys outside the schema follow. */
  rest(): boolean {
    this.has(Number.POSITIVE_INFINITY);
    return this.#rest;
  }

  /** Ends the object; what was not read is kept with it. */
  end(value: object, restRead = false): void {
    this.has(Number.POSITIVE_INFINITY);
    // The schema has no rest any more: what it held is given up, as the schema asks.
    if (this.#rest && !restRead) this.#reader.skip();
    if (this.#kept !== undefined) keepSlots(value, this.#kept);
    this.#reader.leave();
  }

  #keep(slot: number): void {
    if (this.#reader.dropsUnknown) return this.#reader.skip();
    this.#kept ??= new Map();
    this.#kept.set(slot, this.#reader.slice());
  }
}

/**
 * Adds what an object brought along beside the slots of the schema to its plain form, as `$slots`.
 */
export function keptToPlain(value: object, plain: Record<string, unknown>): void {
  const kept = keptOf(value);
  if (kept === undefined) return;
  plain["$slots"] = Object.fromEntries([...kept].map(([slot, bytes]) => [slot, toBase64(bytes)]));
}

/** The inverse of {@link keptToPlain}. */
export function keptFromPlain(plain: Readonly<Record<string, unknown>>, value: object): void {
  const kept = plain["$slots"];
  if (typeof kept === "object" && kept !== null) keepSlots(value, slotsFromPlain(kept));
}
