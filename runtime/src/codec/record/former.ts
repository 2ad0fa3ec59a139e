import type { Codec } from "../codec.js";
import type { FieldDefinition } from "../definition.js";
import { type PackedPart, partOf } from "../packed/part.js";
import { packed, packValue } from "../packed/pool.js";
import { PackedReader } from "../packed/reader.js";
import { UnreadableValue } from "../unreadable.js";
import type { Upcast } from "../upcast.js";
import { PackedFields, partAt } from "./packed-fields.js";
import { type SessionRecord, withParts } from "./record.js";

/*
 * A field whose type changed has a slot for each type. Who knows the newest reads of those below it
 * when there is nothing newer, and writes the newest alone: an older version goes on with its own.
 * What a slot was written beside is noted with the session. When that has changed since, an older
 * version wrote later, and its value counts.
 */

/** Of the extras: for each slot, a hash of what lay below it when it was written. */
const NOTES = "former";

/** Stands for a value that was to be made of an old one and could not be: nothing reads it. */
export const unmade: Uint8Array = Uint8Array.of(0xc1);

/** Gives the packed value of a field, made of an old one where there is none newer. */
export function packedOf(record: SessionRecord | undefined, field: FieldDefinition): Uint8Array | undefined {
  const own = record?.fields.get(field.slot);
  if (record === undefined || field.former === undefined) return own;
  return valueAt(record, field, field.former, field.former.length);
}

/** The same, where it is: nobody makes a view of what is only compared, or read. */
export function partOfField(
  record: SessionRecord | undefined,
  field: FieldDefinition,
): PackedPart | undefined {
  if (record === undefined) return undefined;
  if (field.former === undefined) return partAt(record.fields, field.slot);
  const bytes = packedOf(record, field);
  return bytes && partOf(bytes);
}

/** When the stored value of a field ends, whichever slot it is in. */
export function endOf(
  { ends, fields }: SessionRecord,
  { slot, former = [] }: FieldDefinition,
): number | undefined {
  if (ends === undefined || fields.has(slot)) return ends?.get(slot);
  const source = former.findLast((one) => fields.has(one.slot));
  return source && ends.get(source.slot);
}

/** The value at a level: that of each former type, from the oldest on, then the field's own. */
function valueAt(
  record: SessionRecord,
  field: FieldDefinition,
  former: readonly Upcast[],
  level: number,
): Uint8Array | undefined {
  const { slot, codec } = former[level] ?? field;
  const own = record.fields.get(slot);
  const below = hashBelow(record.fields, former, level);
  const noted = notesOf(record).get(slot);
  if (below === noted) return own;
  // An older version has removed its own, which this one was written beside; or it has ended.
  if (below === undefined) return field.ttl === undefined ? undefined : own;
  const step = former[level - 1];
  const old = step && valueAt(record, field, former, level - 1);
  if (step === undefined || old === undefined || old === unmade) return old;
  try {
    const next = step.up(read(step.codec, old));
    if (level === former.length) field.check(next);
    return packValue(codec, next);
  } catch {
    return unmade;
  }
}

/**
 * The record with what goes with fields that were just written: old values made anew where there is
 * a function for it, a note of those that stay, and none where the field was removed.
 *
 * @param failed - is told of fields whose old value could not be made anew
 */
export function withFormers(
  record: SessionRecord,
  written: readonly FieldDefinition[],
  failed: (field: FieldDefinition) => void,
): SessionRecord {
  if (!written.some(({ former }) => former !== undefined)) return record;
  let fields = PackedFields.of(record.fields);
  const notes = new Map(notesOf(record));
  for (const field of written) {
    const { former = [], slot } = field;
    const own = fields.get(slot);
    if (former.length === 0) continue;
    if (own === undefined) {
      fields = fields.withAll(former.map((one) => [one.slot, undefined] as const));
      for (const one of [field, ...former]) notes.delete(one.slot);
      continue;
    }
    try {
      const older = olderOf(field, former, own);
      fields = fields.withAll(older);
      // Lowest first. What an older version wrote and was left alone keeps its own note.
      for (const [one] of older.toReversed()) {
        const level = former.findIndex((step) => step.slot === one);
        note(notes, one, hashBelow(fields, former, level));
      }
    } catch {
      failed(field);
    }
    note(notes, slot, hashBelow(fields, former, former.length));
  }
  return withParts(record, { fields, more: withNotes(record.more, notes) });
}

/** The old values that are made of a new one, as far down as there are functions for it. */
function olderOf(
  { codec }: FieldDefinition,
  former: readonly Upcast[],
  own: Uint8Array,
): [slot: number, bytes: Uint8Array][] {
  const older: [number, Uint8Array][] = [];
  let value: unknown;
  for (const one of former.toReversed()) {
    if (one.down === undefined) break;
    value = one.down(older.length === 0 ? read(codec, own) : value);
    older.push([one.slot, packValue(one.codec, value)]);
  }
  return older;
}

/** What is beside the fields without the notes, of a record that lost values of former types. */
export function withoutNotes(more: SessionRecord["more"]): SessionRecord["more"] {
  return more?.has(NOTES) ? withNotes(more, new Map()) : more;
}

function note(notes: Map<number, number>, slot: number, hash: number | undefined): void {
  if (hash === undefined) notes.delete(slot);
  else notes.set(slot, hash);
}

function notesOf({ more }: SessionRecord): ReadonlyMap<number, number> {
  const bytes = more?.get(NOTES);
  const notes = new Map<number, number>();
  if (bytes === undefined) return notes;
  try {
    const reader = new PackedReader(bytes);
    for (let left = reader.map(); left > 0; left -= 1) notes.set(reader.int(), reader.int());
    return notes;
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return new Map();
  }
}

function withNotes(
  more: SessionRecord["more"],
  notes: ReadonlyMap<number, number>,
): ReadonlyMap<string, Uint8Array> {
  const others = new Map(more);
  others.delete(NOTES);
  if (notes.size === 0) return others;
  const bytes = packed((writer) => {
    writer.map(notes.size);
    for (const [slot, hash] of [...notes].sort(([one], [other]) => one - other)) {
      writer.int(slot);
      writer.int(hash);
    }
  });
  return others.set(NOTES, bytes.slice());
}

/** A hash of 32 bits (FNV-1a) of the values below a level; `undefined` where there are none. */
function hashBelow(
  fields: ReadonlyMap<number, Uint8Array>,
  former: readonly Upcast[],
  level: number,
): number | undefined {
  let hash: number | undefined;
  for (const { slot } of former.slice(0, level)) {
    const bytes = fields.get(slot);
    if (bytes === undefined) continue;
    hash = hashed(hashed(hash ?? 0x811c9dc5, [slot & 0xff, slot >> 8]), bytes);
  }
  return hash === undefined ? undefined : hash >>> 0;
}

function hashed(hash: number, bytes: Iterable<number>): number {
  let sum = hash;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum;
}

function read(codec: Codec<unknown>, bytes: Uint8Array): unknown {
  const reader = new PackedReader(bytes);
  const value = codec.read(reader);
  reader.end();
  return value;
}
