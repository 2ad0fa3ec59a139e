import type { FieldDefinition, FieldIndex, IndexedValue, SessionDefinition } from "../../codec/definition.js";
import { PackedReader } from "../../codec/packed/reader.js";
import { packedOf } from "../../codec/record/former.js";
import type { SessionRecord } from "../../codec/record/record.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import type { IndexValues } from "../../stores/store.js";
import type { IndexTexts } from "./index-texts.js";

/** What indexes are made by. */
interface Indexing {
  readonly fields: SessionDefinition;
  readonly texts: IndexTexts;
}

/** Gives what the store is told of a session; `undefined` when there are no indexes at all. */
export function indexValues(indexing: Indexing, record: SessionRecord): IndexValues | undefined {
  return indexedIn(indexing, record).index;
}

/** Gives the same, and the indexes of which nobody here can read what the session has. */
export function indexedIn(
  { fields, texts }: Indexing,
  record: SessionRecord,
): { readonly index: IndexValues | undefined; readonly unread: readonly string[] } {
  if (!fields.some(hasIndexes)) return noIndexes;
  const unread: string[] = [];
  const entries = fields.flatMap((field) =>
    (field.indexes ?? []).map((index) => {
      const value = valueIn(field, index, record);
      if (value === undefined) unread.push(index.name);
      return [index.name, value === undefined || value === null ? null : texts.textOf(index, value)] as const;
    }),
  );
  return { index: Object.fromEntries(entries), unread };
}

const noIndexes = { index: undefined, unread: [] } as const;

function hasIndexes({ indexes }: FieldDefinition): boolean {
  return indexes !== undefined && indexes.length > 0;
}

/** Gives what the store is told of a record that is to be found by nothing. */
export function noIndexValues(fields: SessionDefinition): IndexValues | undefined {
  const names = fields.flatMap(({ indexes }) => (indexes ?? []).map(({ name }) => name));
  return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, null]));
}

/**
 * The value that the session is found by in that index; `null` when it has nothing there,
 * `undefined` when that cannot be read.
 */
function valueIn(
  field: FieldDefinition,
  index: FieldIndex,
  record: SessionRecord,
): IndexedValue | null | undefined {
  try {
    return pickedFrom(field, index, record);
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return undefined;
  }
}

/**
 * Picks out of a session the value that it is found by in that index; `null` when it has nothing
 * there.
 * @throws UnreadableValue when the field cannot be read
 */
export function pickedFrom(
  field: FieldDefinition,
  index: FieldIndex,
  record: SessionRecord,
): IndexedValue | null {
  const packed = packedOf(record, field);
  const value = packed === undefined ? field.default?.() : field.codec.read(new PackedReader(packed));
  return (value === undefined ? undefined : index.pick(value)) ?? null;
}
