import type { CustomSerializer, SessionRecord } from "../serializer/record.js";
import { decodeRecord } from "../serializer/record-codec.js";
import type { StoredSession } from "../stores/store.js";
import type { SessionContext } from "./options.js";

/** Decodes a stored session, whatever it was written in. Throws `UnreadableValue`. */
export function decodeStored(context: SessionContext, stored: StoredSession): SessionRecord {
  const custom: CustomSerializer | undefined =
    typeof context.serializer === "string" ? undefined : context.serializer;
  return decodeRecord(stored.payload, context.fields, {
    now: context.clock(),
    ...(custom === undefined ? {} : { custom }),
  });
}
