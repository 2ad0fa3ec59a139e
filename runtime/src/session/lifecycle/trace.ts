import type { SessionRecord } from "../../codec/record/record.js";
import type { Expectation, WriteResult } from "../../stores/store.js";
import { noIndexValues } from "../records/index-values.js";
import { encodeStored } from "../records/stored-record.js";
import type { SessionState } from "../state/state.js";

/**
 * For how long a trace stays, in milliseconds: as long as requests may be under way that were sent
 * with the old id.
 */
const STAYS = 10_000;

/** What stays where a session was. */
export interface Trace {
  readonly key: string;
  /** The session's, where it is known. */
  readonly id?: string;
  readonly expect: Expectation;
  readonly reason: "moved" | "ended";
  readonly mark: number;
  /** When the caller stops waiting, by `performance.now()`. */
  readonly until?: number;
}

/**
 * Puts a trace in the place of a session: one operation, which ends the session, takes what it is
 * found by out of the indexes, and keeps requests with its id from beginning another one. Where
 * nothing was, it stops a write that comes late.
 */
export async function leaveTrace(
  { context, createdAt }: SessionState,
  { key, id, expect, reason, mark, until }: Trace,
): Promise<WriteResult> {
  const { clock, fields, store, previous = [] } = context;
  // What was left under a key of before, when its session had moved to today's, would be found
  // again once the trace is gone.
  for (const before of id === undefined ? [] : previous) {
    const other = before.keyOf(id ?? "");
    if (other !== key && other !== store.keyOf(id ?? "")) await store.remove(other);
  }
  const record: SessionRecord = {
    createdAt,
    permanent: false,
    fields: new Map(),
    trace: reason,
    marks: [mark],
  };
  const payload = encodeStored(context, record, key);
  const result = await store.write({
    key,
    payload,
    expect,
    expiresAt: clock() + STAYS,
    index: noIndexValues(fields),
    until,
  });
  if (result.ok) store.endings.publish(key);
  return result;
}
