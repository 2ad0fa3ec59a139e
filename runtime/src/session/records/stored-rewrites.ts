import type { FieldDefinition, SessionDefinition } from "../../codec/definition.js";
import { packValue } from "../../codec/packed/pool.js";
import { PackedReader } from "../../codec/packed/reader.js";
import { encodeRecord, formatOf } from "../../codec/record/codec.js";
import { isCompressed } from "../../codec/record/compressed.js";
import { type SessionRecord, withParts } from "../../codec/record/record.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import type { IndexValues } from "../../stores/store.js";
import { checkedSerializer } from "../context/parts.js";
import type { RecordContext } from "../context/record-context.js";
import { indexValues, pickedFrom } from "./index-values.js";
import { type Layers, type LeftBecause, layersOf, type StoredOptions } from "./stored-layers.js";
import { packStored } from "./stored-record.js";
import { toolContext } from "./tools.js";

/**
 * What has changed in a session that is written anew: the format, whether it is compressed, whether
 * it is encrypted, with which secret, how its values are stored, slots that no field has any more.
 */
export type StoredChange = "format" | "compression" | "encryption" | "key" | "values" | "retired";

/** What a stored session would be today. */
export type StoredRewrite =
  | { readonly kind: "current" }
  | { readonly kind: "left"; readonly because: LeftBecause }
  | {
      readonly kind: "changed";
      readonly changes: readonly StoredChange[];
      readonly payload: Uint8Array;
      /**
       * What the session is found by, the same as before; `undefined` when there are no indexes.
       */
      readonly index: IndexValues | undefined;
    };

/** What {@link storedRewrites} is told. */
export interface RewriteOptions extends StoredOptions {
  /** Slots of fields that are no longer in the schema, whose values are to go. Default: none. */
  readonly retired?: readonly number[];
}

/**
 * Makes of stored sessions what a request of today would store, were it to write the very same
 * values. What cannot be read, or would lose something, is left. For tools, which write it on the
 * condition that nobody else has.
 *
 * @returns a function of a payload and the key that it is stored under
 * @throws SessionError `env/missing`, `encryption/weak-secret`, `encryption/no-secret`,
 *   `session/invalid-part`, `session/no-application`
 */
export function storedRewrites(options: RewriteOptions): (payload: Uint8Array, key: string) => StoredRewrite {
  const records = toolContext(options);
  const { fields, history, encryption } = records;
  const { clock = Date.now, compression, maxBytes = 2 ** 20, retired = [] } = options;
  const serializer = checkedSerializer(options.serializer ?? "packed");
  const packing = { maxBytes, ...(compression && { compression }) };
  const encode = (record: SessionRecord): Uint8Array =>
    encodeRecord(record, encryption?.plainFields ?? fields, serializer, history);
  return (payload, key) => {
    const layers = layersOf(records, { payload, key, now: clock(), serializer });
    if (typeof layers === "string") return { kind: "left", because: layers };
    const values = valuesOf(records, layers, { key, retired });
    if (!areIndexesReadable(fields, values.open)) return { kind: "left", because: "unreadable" };
    const changes = new Set(values.changes);
    const { whole } = layers;
    if (whole !== undefined && whole > 0) changes.add("key");
    if ((whole !== undefined) !== (encryption?.sealsPayloads ?? false)) changes.add("encryption");
    // Encrypted anew, values would be other bytes each time.
    const plain = encode(values.comparable);
    if (formatOf(plain) !== layers.format) changes.add("format");
    else if (changes.size === 0 && !same(plain, layers.plain)) changes.add("values");
    if (isCompressed(packStored(packing, plain, key)) !== layers.isCompressed) changes.add("compression");
    if (changes.size === 0) return { kind: "current" };
    return {
      kind: "changed",
      changes: [...changes],
      payload: packStored({ ...packing, ...(encryption && { encryption }) }, encode(values.stored), key),
      index: indexValues(records, values.open),
    };
  };
}

/** A session's values in three ways, and what is another about them. */
interface Values {
  /** As they are to be stored. */
  readonly stored: SessionRecord;
  /** The same, but those that were encrypted and will be as they came. */
  readonly comparable: SessionRecord;
  /** Nothing is encrypted. */
  readonly open: SessionRecord;
  readonly changes: ReadonlySet<StoredChange>;
}

function valuesOf(
  { fields, encryption }: RecordContext,
  { record, sealed }: Layers,
  { key, retired }: { readonly key: string; readonly retired: readonly number[] },
): Values {
  const bySlot = new Map(fields.map((field) => [field.slot, field]));
  const [stored, comparable, open] = [1, 2, 3].map(() => new Map<number, Uint8Array>()) as [
    Map<number, Uint8Array>,
    Map<number, Uint8Array>,
    Map<number, Uint8Array>,
  ];
  const changes = new Set<StoredChange>();
  for (const [slot, packed] of record.fields) {
    const field = bySlot.get(slot);
    if (field === undefined && retired.includes(slot)) {
      changes.add("retired");
      continue;
    }
    const positions = sealed.get(slot);
    const before = positions === undefined ? packed : encryption?.openValue(packed, key, slot);
    const after = before && reencoded(field, before);
    if (encryption === undefined || after === undefined || before === undefined) {
      for (const values of [stored, comparable, open]) values.set(slot, after ?? packed);
      continue;
    }
    const isRotated = positions !== undefined && (positions.length > 1 || positions[0] !== 0);
    if (isRotated) changes.add("key");
    // What no field has is left as it is, but for the secret.
    const seals = field === undefined ? positions !== undefined : field.encrypt === true;
    const accepts = positions !== undefined || !seals || encryption.acceptsPlain;
    if (accepts && seals !== (positions !== undefined)) changes.add("encryption");
    if (positions !== undefined && !same(before, after)) changes.add("values");
    open.set(slot, after);
    stored.set(slot, !accepts ? packed : seals ? encryption.sealValue(after, key, slot) : after);
    comparable.set(slot, seals ? packed : after);
  }
  return {
    stored: withParts(record, { fields: stored }),
    comparable: withParts(record, { fields: comparable }),
    open: withParts(record, { fields: open }),
    changes,
  };
}

/** A value as it is written today; as it is where it cannot be read, or no field has it. */
function reencoded(field: FieldDefinition | undefined, packed: Uint8Array): Uint8Array {
  if (field === undefined) return packed;
  try {
    const reader = new PackedReader(packed);
    const value = field.codec.read(reader);
    reader.end();
    return packValue(field.codec, value);
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return packed;
  }
}

/** Whether nothing would be taken out of an index since nobody can read it. */
function areIndexesReadable(fields: SessionDefinition, record: SessionRecord): boolean {
  try {
    for (const field of fields) for (const index of field.indexes ?? []) pickedFrom(field, index, record);
    return true;
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return false;
  }
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
