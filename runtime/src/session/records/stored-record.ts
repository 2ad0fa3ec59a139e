import type { SessionDefinition } from "../../codec/definition.js";
import { isSealed } from "../../codec/packed/sealed.js";
import { decodeRecord, encodeRecord } from "../../codec/record/codec.js";
import { compressed, inflated, LEAST_BOUND, TOOLS_BOUND } from "../../codec/record/compressed.js";
import { withoutForeign } from "../../codec/record/history.js";
import type { SessionRecord } from "../../codec/record/record.js";
import type { SessionContext } from "../context/options.js";
import type { Previous } from "../context/previous-keys.js";
import { membersIn, membersOut } from "./unread-members.js";

/** What sessions are encoded with. */
export type EncodeContext = Pick<
  SessionContext,
  "encryption" | "fields" | "history" | "serializer" | "compression" | "maxBytes" | "previous"
>;

/** What sessions are decoded with. */
export type DecodeContext = Pick<
  SessionContext,
  "clock" | "encryption" | "fields" | "history" | "serializer"
> &
  Partial<Pick<SessionContext, "maxBytes" | "previous">>;

/**
 * Encodes a session for the store, compressed and encrypted as the options say.
 * @param key - the one it is stored under
 */
export function encodeStored(context: EncodeContext, record: SessionRecord, key: string): Uint8Array {
  return packStored(context, encodeOpen(context, record, key), key);
}

/** Encodes a session with its fields encrypted, but neither compressed nor encrypted as a whole. */
export function encodeOpen(context: EncodeContext, given: SessionRecord, key: string): Uint8Array {
  const { fields, history, serializer } = context;
  const encryption = encryptionFor(context, key);
  const record = membersOut(given);
  if (encryption === undefined) return encodeRecord(record, fields, serializer, history);
  return encodeRecord(encryption.sealFields(record, key), encryption.plainFields, serializer, history);
}

/**
 * Compresses what {@link encodeOpen} made, and encrypts it as a whole, where the options say so.
 */
export function packStored(
  context: Omit<EncodeContext, "fields" | "history" | "serializer">,
  payload: Uint8Array,
  key: string,
): Uint8Array {
  const { compression, maxBytes } = context;
  const encryption = encryptionFor(context, key);
  // What is larger than readers make of one stays as it is.
  const small =
    compression !== undefined && payload.length > compression.above && payload.length <= boundOf(maxBytes)
      ? compressed(payload)
      : payload;
  return encryption === undefined ? small : encryption.sealPayload(small, key);
}

/**
 * Gives the payload as {@link encodeOpen} made it.
 * @throws UnreadableValue
 */
export function unpackStored(
  context: Pick<DecodeContext, "encryption" | "maxBytes" | "previous">,
  payload: Uint8Array,
  key: string,
): Uint8Array {
  const { maxBytes } = context;
  return inflated(
    openStored(context, payload, key),
    maxBytes === undefined ? TOOLS_BOUND : boundOf(maxBytes),
  );
}

/**
 * Decrypts a payload that is encrypted as a whole.
 * @throws UnreadableValue
 */
export function openStored(
  context: Pick<DecodeContext, "encryption" | "previous">,
  payload: Uint8Array,
  key: string,
): Uint8Array {
  const encryption = encryptionFor(context, key);
  return encryption === undefined ? payload : encryption.openPayload(payload, key);
}

/** What is stored under a key of before is encrypted for whom the key is of. */
function encryptionFor(
  { encryption, previous }: Pick<DecodeContext, "encryption" | "previous">,
  key: string,
): SessionContext["encryption"] {
  const owner = previous === undefined ? undefined : ownerOf(previous, key);
  return owner === undefined ? encryption : owner.encryption;
}

/**
 * Gives whose key it is of the others that there were before; `undefined`: one of today's identity.
 */
export function ownerOf(previous: readonly Previous[], key: string): Previous | undefined {
  return previous.find(({ identity, isOther }) => isOther && key.startsWith(`${identity.tag}.`));
}

/** A bound that was lowered since makes nothing unreadable that was allowed by default. */
function boundOf(maxBytes: number): number {
  return Math.max(maxBytes, LEAST_BOUND);
}

/**
 * Decodes a stored session, whatever it was written in. Values that have ended are left out.
 * @param key - the one it is stored under
 * @param epoch - `as-stored`: that of whom a key of before is of, too
 * @throws UnreadableValue
 */
export function decodeStored(
  context: DecodeContext,
  payload: Uint8Array,
  key: string,
  epoch: "today's" | "as-stored" = "today's",
): SessionRecord {
  const { fields, history, serializer, clock } = context;
  const encryption = encryptionFor(context, key);
  const options = { now: clock(), serializer, history };
  const record = decodeRecord(unpackStored(context, payload, key), fields, options);
  const opened = native(encryption === undefined ? record : encryption.openFields(record, key), fields);
  // Under a key of before, the epoch is that of another application or installation.
  if (
    opened.epoch === undefined ||
    epoch === "as-stored" ||
    ownerOf(context.previous ?? [], key) === undefined
  )
    return opened;
  const { epoch: _, ...rest } = opened;
  return rest;
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
