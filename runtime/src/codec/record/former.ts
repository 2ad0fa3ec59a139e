import type { FieldDefinition } from "../definition.js";
import type { SessionRecord } from "./record.js";

/*
 * A field whose type changed has a slot for each type. How values come and go between them is in
 * `former-values.ts`, which `upcast` brings: applications without such fields do not bundle it.
 */

/** Of the extras: for each slot, a hash of what lay below it when it was written. */
export const NOTES = "former";

/** Stands for a value that was to be made of an old one and could not be: nothing reads it. */
export const unmade: Uint8Array = Uint8Array.of(0xc1);

/** Gives the packed value of a field, made of an old one where there is none newer. */
export function packedOf(record: SessionRecord | undefined, field: FieldDefinition): Uint8Array | undefined {
  const own = record?.fields.get(field.slot);
  const oldest = field.former?.[0];
  return record === undefined || oldest === undefined ? own : oldest.values.valueOf(record, field);
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
  const oldest = written.find(({ former }) => former !== undefined)?.former?.[0];
  return oldest === undefined ? record : oldest.values.write(record, written, failed);
}

/** What is beside the fields without the notes, of a record that lost values of former types. */
export function withoutNotes(more: SessionRecord["more"]): SessionRecord["more"] {
  if (!more?.has(NOTES)) return more;
  const others = new Map(more);
  others.delete(NOTES);
  return others;
}
