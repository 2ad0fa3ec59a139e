import { isSealed } from "../../codec/packed/sealed.js";
import { decodeRecord, formatOf } from "../../codec/record/codec.js";
import { inflated, isCompressed, TOOLS_BOUND } from "../../codec/record/compressed.js";
import type { Format, Serializer, SessionRecord } from "../../codec/record/record.js";
import { UnreadableValue, UnverifiableHistory } from "../../codec/unreadable.js";
import type { SessionsOptions } from "../context/options.js";
import type { RecordContext } from "../context/record-context.js";
import { isSessionKey } from "./keys.js";
import type { ToolOptions } from "./tools.js";

/** What tools read stored sessions with. */
export type StoredOptions = ToolOptions &
  Pick<SessionsOptions, "clock" | "compression" | "maxBytes"> & {
    readonly serializer?: Serializer | undefined;
  };

/** Why a stored record is left as it is. */
export type LeftBecause =
  /** A trace, a lease, what was kept aside, the epoch. */
  | "no-session"
  /** It cannot be decoded, or something in it cannot. */
  | "unreadable"
  /** It is encrypted with a secret that is not among those given. */
  | "secret"
  /** Written under another history of the lock: what is in it would be lost. */
  | "history";

/** A stored session, taken apart as far as it can be without changing anything. */
export interface Layers {
  /** What lies below encryption and compression. */
  readonly plain: Uint8Array;
  readonly format: Format | "custom" | undefined;
  readonly isCompressed: boolean;
  /** The position of the secret that the whole of it is encrypted with. */
  readonly whole: number | undefined;
  /** Its encrypted fields still are. */
  readonly record: SessionRecord;
  /** The positions of the secrets of its fields, by slot. */
  readonly sealed: ReadonlyMap<number, readonly number[]>;
}

/** Takes stored sessions apart, for tools. */
export function layersOf(
  { encryption, fields, history }: RecordContext,
  {
    payload,
    key,
    now,
    serializer,
  }: {
    readonly payload: Uint8Array;
    readonly key: string;
    readonly now: number;
    readonly serializer: Serializer | undefined;
  },
): Layers | LeftBecause {
  if (!isSessionKey(key)) return "no-session";
  try {
    const whole = encryption?.payloadPosition(payload, key);
    if (whole === undefined && encryption?.isWhole(payload)) return "secret";
    const opened = encryption === undefined ? payload : encryption.openPayload(payload, key);
    const plain = inflated(opened, TOOLS_BOUND);
    // Without the history: it would leave out what another one had written.
    const record = decodeRecord(plain, fields, { now, serializer });
    if (record.trace !== undefined) return "no-session";
    const mark = record.historyMark;
    if (mark !== undefined && history.sharedWith(mark) !== Number.POSITIVE_INFINITY) return "history";
    const sealed = new Map<number, readonly number[]>();
    for (const [slot, packed] of record.fields) {
      if (!isSealed(packed)) continue;
      const positions = encryption?.fieldPositions(packed, key, slot);
      if (positions === undefined) return "secret";
      sealed.set(slot, positions);
    }
    const compressed = isCompressed(opened);
    return { plain, format: formatOf(plain), isCompressed: compressed, whole, record, sealed };
  } catch (error) {
    if (error instanceof UnverifiableHistory) return "history";
    if (error instanceof UnreadableValue) return "unreadable";
    throw error;
  }
}
