import type { SessionRecord } from "../../codec/record/record.js";
import { SessionError } from "../../errors.js";
import type { SessionContext } from "../context/options.js";
import { encodeOpen, packStored } from "../records/stored-record.js";

/** A session that is to be written. */
export interface Unsized {
  readonly key: string;
  readonly record: SessionRecord;
}

/**
 * Encodes a session that is to be written, unless it is too large. One that is too large already
 * may still be made smaller.
 *
 * @param before - the size of what it replaces
 * @throws SessionError `session/too-large`, which names the largest field
 */
export function encodeWithin(context: SessionContext, { key, record }: Unsized, before: number): Uint8Array {
  const open = encodeOpen(context, record, key);
  const payload = packStored(context, open, key);
  const { maxBytes } = context;
  const limit = Math.min(maxBytes, context.store.maxBytes ?? Number.POSITIVE_INFINITY);
  // What counts is its size once it is read, however small it is stored.
  const size = open.byteLength > maxBytes ? open.byteLength : payload.byteLength;
  if (size <= limit || payload.byteLength < before) return payload;
  const summary = `The session would take ${size} bytes, and ${limit} are allowed${largestField(context, record)}`;
  throw new SessionError("session/too-large", summary);
}

function largestField({ fields }: SessionContext, record: SessionRecord): string {
  const [largest] = [...record.fields].sort(([, one], [, other]) => other.byteLength - one.byteLength);
  if (largest === undefined) return "";
  const [slot, packed] = largest;
  const field = fields.find((candidate) => candidate.slot === slot);
  return field === undefined ? "" : `; ${packed.byteLength} of them are the field ${field.name}`;
}
