import type { SessionDefinition } from "../../codec/definition.js";
import { isSealed } from "../../codec/packed/sealed.js";
import { decodeRecord, encodeRecord } from "../../codec/record/codec.js";
import { withoutForeign } from "../../codec/record/history.js";
import type { SessionRecord } from "../../codec/record/record.js";
import type { SessionContext } from "../context/options.js";
import { membersIn, membersOut } from "./unread-members.js";

/**
 * Encodes a session for the store, encrypted as the options say.
 * @param key - the one it is stored under
 */
export function encodeStored(
  context: Pick<SessionContext, "encryption" | "fields" | "history" | "serializer">,
  given: SessionRecord,
  key: string,
): Uint8Array {
  const { encryption, fields, history, serializer } = context;
  const record = membersOut(given);
  if (encryption === undefined) return encodeRecord(record, fields, serializer, history);
  const sealed = encryption.sealFields(record, key);
  const payload = encodeRecord(sealed, encryption.plainFields, serializer, history);
  return encryption.sealPayload(payload, key);
}

/**
 * Decodes a stored session, whatever it was written in. Values that have ended are left out.
 * @param key - the one it is stored under
 * @throws UnreadableValue
 */
export function decodeStored(
  context: Pick<SessionContext, "clock" | "encryption" | "fields" | "history" | "serializer">,
  payload: Uint8Array,
  key: string,
): SessionRecord {
  const { encryption, fields, history, serializer, clock } = context;
  const options = { now: clock(), serializer, history };
  if (encryption === undefined) return native(decodeRecord(payload, fields, options), fields);
  const record = encryption.openFields(
    decodeRecord(encryption.openPayload(payload, key), fields, options),
    key,
  );
  return native(record, fields);
}

/**
 * Puts a document's members that cannot be read where their fields are. Takes what was written
 * under another history of the lock out of values, too, that were encrypted; out of those that
 * still are, nobody can.
 */
function native(record: SessionRecord, fields: SessionDefinition): SessionRecord {
  if (record.diverged === undefined) return membersIn(record, fields);
  const { diverged: _, ...rest } = withoutForeign(record, fields, () => true);
  const readable = [...rest.fields].filter(([, packed]) => !isSealed(packed));
  return membersIn({ ...rest, fields: new Map(readable) }, fields);
}
