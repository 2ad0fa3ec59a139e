import type { UnreadableValue } from "../../codec/unreadable.js";
import type { SessionContext } from "../context/options.js";
import { noIndexValues } from "./index-values.js";
import { besideOf, keyBeside, sessionKeyOf } from "./keys.js";

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
