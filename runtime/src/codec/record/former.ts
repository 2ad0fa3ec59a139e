import type { Codec } from "../codec.js";
import type { FieldDefinition } from "../definition.js";
import { type PackedPart, partOf } from "../packed/part.js";
import { packValue } from "../packed/pool.js";
import { PackedReader } from "../packed/reader.js";
import type { Upcast } from "../upcast.js";
import { belowOf, hasNotes, isAsNoted, notesOf, noteWritten, withNotes } from "./former-notes.js";
import { PackedFields, partAt } from "./packed-fields.js";
import { type SessionRecord, withParts } from "./record.js";

/*
 * A field whose type changed has a slot for each type. Who knows the newest reads of those below it
 * when there is nothing newer, and writes the newest alone: an older version goes on with its own.
 * What a slot was written beside is noted with the session. When that has changed since, or an
 * older version noted that it wrote, what it wrote or removed counts.
 */

/** Stands for a value that was to be made of an old one and could not be: nothing reads it. */
export const unmade: Uint8Array = Uint8Array.of(0xc1);

/** Gives the packed value of a field, made of an old one where there is none newer. */
export function packedOf(record: SessionRecord | undefined, field: FieldDefinition): Uint8Array | undefined {
  const { former, slot } = field;
  if (record === undefined || former === undefined) return record?.fields.get(slot);
  const level = levelOf(record, field, former);
  const own = record.fields.get(slotAt(field, former, level));
  if (own === undefined || level === former.length) return own;
  return raised(field, former, level, own);
}

/** Gives the same, where it is: nobody makes a view of what is only compared, or read. */
export function partOfField(
  record: SessionRecord | undefined,
  field: FieldDefinition,
): PackedPart | undefined {
  if (record === undefined) return undefined;
  if (field.former === undefined) return partAt(record.fields, field.slot);
  const bytes = packedOf(record, field);
  return bytes && partOf(bytes);
}

/** A stored value that a newer one is to be made of. */
export interface FormerValue {
  readonly slot: number;
  readonly bytes: Uint8Array;
  /**
   * A new value of the field would be written over it, too: there are functions for all the way.
   */
  readonly isReplaced: boolean;
}

/** Gives the value of a former type that a field's is made of; `undefined`: it is its own. */
export function formerValue(record: SessionRecord, field: FieldDefinition): FormerValue | undefined {
  const { former } = field;
  const level = former && levelOf(record, field, former);
  if (former === undefined || level === undefined || level === former.length) return undefined;
  const slot = slotAt(field, former, level);
  const bytes = record.fields.get(slot);
  const isReplaced = former.slice(level).every(({ down }) => down !== undefined);
  return bytes && { slot, bytes, isReplaced };
}

/** Gives when the stored value of a field ends, whichever slot it is in. */
export function endOf(
  { ends, fields }: SessionRecord,
  { slot, former = [] }: FieldDefinition,
): number | undefined {
  if (ends === undefined || fields.has(slot)) return ends?.get(slot);
  const source = former.findLast((one) => fields.has(one.slot));
  return source && ends.get(source.slot);
}

function slotAt(field: FieldDefinition, former: readonly Upcast[], level: number): number {
  return (former[level] ?? field).slot;
}

/**
 * The level whose value counts, be there one or not: former types from the oldest on, then today's.
 */
function levelOf(record: SessionRecord, field: FieldDefinition, former: readonly Upcast[]): number {
  const { fields } = record;
  const notes = notesOf(record);
  for (let level = former.length; level > 0; level -= 1) {
    const note = notes.get(slotAt(field, former, level));
    const noted = note === "stale" ? undefined : (note?.below ?? "nothing");
    const below = belowOf(fields, former, level, noted === "something");
    if (noted !== undefined && isAsNoted(noted, below)) return level;
    // What it was written beside has ended by itself.
    if (noted !== undefined && below === "nothing" && field.ttl !== undefined) return level;
  }
  return 0;
}

/** What the steps from a level on make of the value there. */
function raised(
  field: FieldDefinition,
  former: readonly Upcast[],
  level: number,
  own: Uint8Array,
): Uint8Array {
  try {
    let packed = own;
    for (const [index, { codec, up }] of former.slice(level).entries()) {
      const next = up(read(codec, packed));
      const above = former[level + index + 1];
      if (above === undefined) field.check(next);
      packed = packValue((above ?? field).codec, next);
    }
    return packed;
  } catch {
    return unmade;
  }
}

/**
 * Gives the record with what goes with fields that were just written: old values made anew where
 * there is a function for it, a note of those that stay, and none where the field was removed.
 *
 * @param failed - is told of fields whose old value could not be made anew
 */
export function withFormers(
  record: SessionRecord,
  written: readonly FieldDefinition[],
  failed: (field: FieldDefinition) => void,
): SessionRecord {
  if (!hasNotes(record) && !written.some(({ former }) => former !== undefined)) return record;
  let fields = PackedFields.of(record.fields);
  const notes = notesOf(record);
  for (const field of written) {
    const { former = [], slot } = field;
    const own = fields.get(slot);
    noteWritten(notes, slot);
    if (former.length === 0) continue;
    if (own === undefined) {
      fields = fields.withAll(former.map((one) => [one.slot, undefined] as const));
      for (const one of [field, ...former]) notes.delete(one.slot);
      continue;
    }
    const note = (level: number): void => {
      const slots = former.slice(0, level).map((one) => one.slot);
      const below = belowOf(fields, former, level, field.encrypt ?? false);
      if (level > 0) notes.set(slotAt(field, former, level), { slots, below });
    };
    try {
      const older = olderOf(field, former, own);
      fields = fields.withAll(older);
      // Lowest first. What an older version wrote and was left alone keeps its own note.
      for (let level = former.length - older.length; level < former.length; level += 1) note(level);
    } catch {
      failed(field);
    }
    note(former.length);
  }
  return withNotes(withParts(record, { fields }), notes);
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

function read(codec: Codec<unknown>, bytes: Uint8Array): unknown {
  const reader = new PackedReader(bytes);
  const value = codec.read(reader);
  reader.end();
  return value;
}
