import { packed } from "../packed/pool.js";
import { PackedReader } from "../packed/reader.js";
import { UnreadableValue } from "../unreadable.js";
import type { Upcast } from "../upcast.js";
import { type SessionRecord, withParts } from "./record.js";

/** Of the extras: for each slot that has others below it, what its value was written beside. */
const PART = "former";

/** What lay below a value when it was written: nothing, or a hash of it. */
export type Below = number | "nothing" | "something";

/**
 * What is noted of a value: the slots below it, and what they held. Whoever writes one of them, and
 * knows of nothing above it, says that what lies above is older: `stale`.
 */
export type Note = "stale" | { readonly slots: readonly number[]; readonly below: Below };

/** Where a hash would stand. */
const NOTHING = -1;
const SOMETHING = -2;

/** Gives what is noted, by slot. */
export function notesOf({ more }: SessionRecord): Map<number, Note> {
  const bytes = more?.get(PART);
  const notes = new Map<number, Note>();
  if (bytes === undefined) return notes;
  try {
    const reader = new PackedReader(bytes);
    for (let left = reader.map(); left > 0; left -= 1) notes.set(reader.int(), readNote(reader));
    return notes;
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return new Map();
  }
}

/** The record with these notes in place of those that it has. */
export function withNotes(record: SessionRecord, notes: ReadonlyMap<number, Note>): SessionRecord {
  return withParts(record, { more: moreWith(record.more, notes) });
}

/** What is beside the fields without the notes, of a record that lost values of former types. */
export function withoutNotes(more: SessionRecord["more"]): SessionRecord["more"] {
  return more?.has(PART) ? moreWith(more, new Map()) : more;
}

/** Tells whether there are any, without reading them. */
export function hasNotes({ more }: SessionRecord): boolean {
  return more?.has(PART) ?? false;
}

/**
 * Notes that a slot was written by who may know nothing of what lies above it, nor whether there is
 * anything: documents have that by a name.
 */
export function noteWritten(notes: Map<number, Note>, slot: number): void {
  for (const [above, note] of notes)
    if (note !== "stale" && note.slots.includes(slot)) notes.set(above, "stale");
}

/**
 * What lies below a level: a hash of 32 bits (FNV-1a) of the values.
 * @param isSecret - the values are encrypted where they are stored, and a hash would tell of them
 */
export function belowOf(
  fields: ReadonlyMap<number, Uint8Array>,
  former: readonly Upcast[],
  level: number,
  isSecret: boolean,
): Below {
  let hash: number | undefined;
  for (const { slot } of former.slice(0, level)) {
    const bytes = fields.get(slot);
    if (bytes === undefined) continue;
    if (isSecret) return "something";
    hash = hashed(hashed(hash ?? 0x811c9dc5, [slot & 0xff, slot >> 8]), bytes);
  }
  return hash === undefined ? "nothing" : hash >>> 0;
}

/** Tells whether that is what lies below now. */
export function isAsNoted(noted: Below, now: Below): boolean {
  return noted === "something" ? now !== "nothing" : noted === now;
}

function hashed(hash: number, bytes: Iterable<number>): number {
  let sum = hash;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum;
}

function readNote(reader: PackedReader): Note {
  let left = reader.list();
  if (left === 0) return "stale";
  const first = reader.int();
  const below = first === NOTHING ? "nothing" : first === SOMETHING ? "something" : first;
  const slots: number[] = [];
  for (left -= 1; left > 0; left -= 1) slots.push(reader.int());
  return { slots, below };
}

function moreWith(
  more: SessionRecord["more"],
  notes: ReadonlyMap<number, Note>,
): ReadonlyMap<string, Uint8Array> {
  const others = new Map(more);
  others.delete(PART);
  if (notes.size === 0) return others;
  const bytes = packed((writer) => {
    writer.map(notes.size);
    for (const [slot, note] of [...notes].sort(([one], [other]) => one - other)) {
      writer.int(slot);
      if (note === "stale") {
        writer.list(0);
        continue;
      }
      const { slots, below } = note;
      writer.list(1 + slots.length);
      writer.int(below === "nothing" ? NOTHING : below === "something" ? SOMETHING : below);
      for (const one of slots) writer.int(one);
    }
  });
  return others.set(PART, bytes.slice());
}
