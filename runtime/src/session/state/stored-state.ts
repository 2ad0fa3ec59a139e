import type { SessionRecord } from "../../codec/record/record.js";
import type { Version } from "../../stores/store.js";

/** A session as it is stored: what changes are compared with. */
export interface StoredState {
  /** From the cookie. */
  readonly id: string;
  /** What the store knows it by; made from the id. */
  readonly key: string;
  readonly version: Version;
  readonly expiresAt: number;
  /** The payload's size. */
  readonly bytes: number;
  readonly record: SessionRecord;
}
