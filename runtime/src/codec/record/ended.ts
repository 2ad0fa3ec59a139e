import { type FieldDefinition, type SessionDefinition, storedNames } from "../definition.js";
import type { SessionRecord } from "./record.js";

/**
 * Whether the stored value of a field has ended. Only of a field with a `ttl`: who does not know of
 * it goes on with the value.
 * @param now - milliseconds since the Unix epoch
 */
function hasEnded({ ends }: SessionRecord, { ttl, slot }: FieldDefinition, now: number): boolean {
  const end = ttl === undefined ? undefined : ends?.get(slot);
  return end !== undefined && end <= now;
}

/** Gives the record without the values that have ended: to everybody they are absent. */
export function withoutEnded(
  record: SessionRecord,
  definition: SessionDefinition,
  now: number,
): SessionRecord {
  if (record.ends === undefined) return record;
  const over = definition.filter((field) => hasEnded(record, field, now));
  if (over.length === 0) return record;
  const fields = new Map(record.fields);
  const ends = new Map(record.ends);
  const unknown = { ...record.unknown };
  for (const field of over) {
    fields.delete(field.slot);
    ends.delete(field.slot);
    // Where a document's member stands that is not what the schema says.
    for (const name of storedNames(field)) delete unknown[name];
  }
  return { ...record, fields, ends, ...(record.unknown && { unknown }) };
}
