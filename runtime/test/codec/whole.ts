import type { SessionRecord } from "../../src/index.js";

/** A record with its fields as a plain map, whatever they came in: to be compared. */
export function whole(record: SessionRecord): SessionRecord {
  return { ...record, fields: new Map(record.fields) };
}
