import type { FieldDefinition } from "../../codec/definition.js";
import { unmade } from "../../codec/record/former.js";
import type { SessionRecord } from "../../codec/record/record.js";
import type { UnreadableValue } from "../../codec/unreadable.js";
import type { SessionContext } from "../context/options.js";
import { noIndexValues } from "./index-values.js";
import { besideOf, keyBeside, sessionKeyOf } from "./keys.js";
import { encodeStored } from "./stored-record.js";
import { digestOf } from "./told.js";
import { whyUnread } from "./why-unread.js";

/** Tells where the bytes of the session under that key are kept aside, in the same store. */
export function quarantineKey(key: string): string {
  return keyBeside(key, "quarantine");
}

/** Tells whether it is the key of bytes that were kept aside, and of no session. */
export function isQuarantined(key: string): boolean {
  return besideOf(key) === "quarantine";
}

/** Gives the key that a session's payload was written under, to which its encryption is bound. */
export function originalKey(key: string): string {
  return isQuarantined(key) ? sessionKeyOf(key) : key;
}

/**
 * Keeps the bytes of a session aside, if the policy says so and they are not there yet. Never
 * throws: a request does not fail because the evidence is lost.
 * @param key - the one the session is stored under
 */
export async function quarantine(
  { quarantine: time, clock, events, fields, store }: SessionContext,
  key: string,
  payload: Uint8Array,
  { message }: UnreadableValue,
): Promise<void> {
  if (time === undefined) return;
  const expiresAt = clock() + time;
  const written = await store
    .write({ key: quarantineKey(key), payload, expect: "absent", expiresAt, index: noIndexValues(fields) })
    .catch(() => undefined);
  if (written?.ok) events.publish("quarantined", { bytes: payload.byteLength, reason: message });
}

/** A stored value that cannot be read, and that is about to be replaced. */
export interface UnreadField {
  readonly field: FieldDefinition;
  /** The field's own, or that of a type that it had before. */
  readonly slot: number;
  readonly bytes: Uint8Array;
  /** What it is stored in. */
  readonly record: SessionRecord;
}

/**
 * Keeps what is stored of a field aside, if the policy says so: as a session that has this field
 * alone, beside the one under the key. Kept once; another value of the field is another one.
 * @returns whether it is kept
 * @throws SessionError `store/…`: what is not kept must not be replaced
 */
export async function quarantineField(
  context: SessionContext,
  key: string,
  { field, slot, bytes, record }: UnreadField,
): Promise<boolean> {
  const { quarantine: time, clock, events, fields, store } = context;
  if (time === undefined) return false;
  const { name } = field;
  const { createdAt, permanent, historyMark, ends } = record;
  const end = ends?.get(slot);
  const alone: SessionRecord = {
    createdAt,
    permanent,
    fields: new Map([[slot, bytes]]),
    ...(historyMark && { historyMark }),
    ...(end !== undefined && { ends: new Map([[slot, end]]) }),
  };
  const payload = encodeStored(context, alone, key);
  const written = await store.write({
    key: keyBeside(key, "quarantine", digestOf({ slot, bytes })),
    payload,
    expect: "absent",
    expiresAt: clock() + time,
    index: noIndexValues(fields),
  });
  if (written.ok)
    events.publish("quarantined", {
      bytes: bytes.byteLength,
      reason: whyUnread(field, slot === field.slot ? bytes : unmade)?.message ?? "",
      field: name,
    });
  return true;
}
