import { decodeRecord, encodeRecord } from "../../codec/record/codec.js";
import { withoutEnded } from "../../codec/record/ended.js";
import type { CustomSerializer, SessionRecord } from "../../codec/record/record.js";
import type { SessionContext } from "../context/options.js";

/**
 * Encodes a session for the store, encrypted as the options say.
 * @param key - the one it is stored under
 */
export function encodeStored(context: SessionContext, record: SessionRecord, key: string): Uint8Array {
  const { encryption, fields, serializer } = context;
  if (encryption === undefined) return encodeRecord(record, fields, serializer);
  const payload = encodeRecord(encryption.sealFields(record, key), encryption.plainFields, serializer);
  return encryption.sealPayload(payload, key);
}

/**
 * Decodes a stored session, whatever it was written in. Values that have ended are left out.
 * @param key - the one it is stored under
 * @throws UnreadableValue
 */
export function decodeStored(
  context: Pick<SessionContext, "clock" | "encryption" | "fields" | "serializer">,
  payload: Uint8Array,
  key: string,
): SessionRecord {
  const { encryption, fields, serializer, clock } = context;
  const custom: CustomSerializer | undefined = typeof serializer === "string" ? undefined : serializer;
  const options = { now: clock(), custom };
  if (encryption === undefined) return decodeRecord(payload, fields, options);
  const record = encryption.openFields(
    decodeRecord(encryption.openPayload(payload, key), fields, options),
    key,
  );
  return withoutEnded(record, fields, options.now);
}
