import type { SessionRecord } from "../../codec/record/record.js";
import type { StoredSession, Version } from "../../stores/store.js";

/** Where a session is: its id, and the key that is made from it. */
export interface Address {
  /** From the cookie. */
  readonly id: string;
  /** What the store knows it by. */
  readonly key: string;
}

/** A session as it is stored: what changes are compared with. */
export interface StoredState extends Address {
  readonly version: Version;
  readonly expiresAt: number;
  /** The payload's size. */
  readonly bytes: number;
  readonly record: SessionRecord;
}

/** Gives what was read of a session, with the record that it was decoded to. */
export function storedState(
  { id, key }: Address,
  { version, expiresAt, payload }: StoredSession,
  record: SessionRecord,
): StoredState {
  return { id, key, version, expiresAt, bytes: payload.byteLength, record };
}
