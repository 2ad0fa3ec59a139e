import { createHash } from "node:crypto";
import type { FieldDefinition, FieldIndex, IndexedValue, SessionDefinition } from "../../codec/definition.js";
import { PackedReader } from "../../codec/packed/reader.js";
import type { SessionRecord } from "../../codec/record/record.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import type { IndexValues } from "../../stores/store.js";

/** What the store is told of a session; `undefined` when there are no indexes at all. */
export function indexValues(fields: SessionDefinition, record: SessionRecord): IndexValues | undefined {
  if (!fields.some(hasIndexes)) return undefined;
  const entries = fields.flatMap((field) =>
    (field.indexes ?? []).map((index) => [index.name, valueIn(field, index, record)] as const),
  );
  return Object.fromEntries(entries);
}

function hasIndexes({ indexes }: FieldDefinition): boolean {
  return indexes !== undefined && indexes.length > 0;
}

/** What the store is told of a record that is to be found by nothing. */
export function noIndexValues(fields: SessionDefinition): IndexValues | undefined {
  const names = fields.flatMap(({ indexes }) => (indexes ?? []).map(({ name }) => name));
  return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, null]));
}

/** What the session is found by in that index; `null` when it has nothing there. */
export function valueIn(field: FieldDefinition, index: FieldIndex, record: SessionRecord): string | null {
  const packed = record.fields.get(field.slot);
  try {
    const value = packed === undefined ? field.default?.() : field.codec.read(new PackedReader(packed));
    const picked = value === undefined ? undefined : index.pick(value);
    return picked === undefined || picked === null ? null : textOf(index, picked);
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return null;
  }
}

/** A value as the store gets it. */
export function textOf(index: FieldIndex, value: IndexedValue): string {
  const text = value instanceof Date ? value.toISOString() : String(value);
  return index.hashed ? createHash("sha256").update(text).digest("base64url") : text;
}
