import { type SessionDefinition, storedNames } from "../../codec/definition.js";
import { packValue } from "../../codec/packed/pool.js";
import { PackedReader } from "../../codec/packed/reader.js";
import { unknownCodec } from "../../codec/ready.js";
import { PackedFields } from "../../codec/record/packed-fields.js";
import type { SessionRecord } from "../../codec/record/record.js";

/**
 * How a member of a json or msgpack document begins that is not what its field's schema says: as
 * what cannot be decrypted does, and no key of those is as long.
 */
const HEAD = [0xc1, 0xff] as const;

/**
 * Puts the members of a document that are not what the schema says where their fields are, so that
 * what cannot be read is there in whichever format it came. Nothing decodes it.
 */
export function membersIn(record: SessionRecord, definition: SessionDefinition): SessionRecord {
  const { unknown } = record;
  if (unknown === undefined) return record;
  const unread = definition.flatMap((field) => {
    const name = storedNames(field).find((one) => Object.hasOwn(unknown, one));
    return name === undefined || record.fields.has(field.slot) ? [] : [{ name, slot: field.slot }];
  });
  if (unread.length === 0) return record;
  const fields = new Map(record.fields);
  const others = { ...unknown };
  for (const { name, slot } of unread) {
    const member = packValue(unknownCodec, [name, unknown[name]]);
    fields.set(slot, Buffer.concat([Uint8Array.from(HEAD), member]));
    Reflect.deleteProperty(others, name);
  }
  const { unknown: _, ...rest } = record;
  return { ...rest, fields, ...(Object.keys(others).length > 0 && { unknown: others }) };
}

/** Does the inverse of {@link membersIn}, before the record is encoded. */
export function membersOut(record: SessionRecord): SessionRecord {
  // Nearly always there is none, and nobody makes a view of every field to find out.
  if (record.fields instanceof PackedFields && !record.fields.hasOwn(HEAD[0])) return record;
  const unread = [...record.fields].filter(([, packed]) => isMember(packed));
  if (unread.length === 0) return record;
  const fields = new Map(record.fields);
  const unknown = { ...record.unknown };
  for (const [slot, packed] of unread) {
    const [name, value] = memberIn(packed);
    fields.delete(slot);
    unknown[name] = value;
  }
  return { ...record, fields, unknown };
}

/** Tells whether a record holds a document's member in the place of a packed value. */
export function isMember(packed: Uint8Array): boolean {
  return packed[0] === HEAD[0] && packed[1] === HEAD[1];
}

/** Gives the member as the document had it: what it is called there, and its value. */
export function memberIn(packed: Uint8Array): readonly [name: string, value: unknown] {
  return unknownCodec.read(new PackedReader(packed.subarray(HEAD.length))) as [string, unknown];
}
