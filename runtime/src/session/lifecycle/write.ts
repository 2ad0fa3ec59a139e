import type { SessionRecord } from "../../codec/record/record.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import type { Expectation, StoredSession, WriteResult } from "../../stores/store.js";
import { backOff } from "../../time/backoff.js";
import type { SessionContext } from "../context/options.js";
import { contended, gone } from "../context/refusals.js";
import { indexValues } from "../records/index-values.js";
import { decodeStored, encodeStored } from "../records/stored-record.js";
import { apply } from "../state/apply.js";

import type { Change } from "../state/change.js";
import { endedBy, expiryOf } from "../state/lifetime.js";
import type { SessionState } from "../state/state.js";
import type { StoredState } from "../state/stored-state.js";
import { bindingOf } from "./binding.js";

/** What is stored of a session that has not ended. */
export function required(state: SessionState): StoredState {
  if (state.stored === undefined) throw gone();
  return state.stored;
}

/**
 * Puts a record that has none into the current epoch. One that has keeps it to its end: a request under
 * way would otherwise carry its session over `revokeAll`.
 */
export async function inEpoch({ epoch }: SessionContext, record: SessionRecord): Promise<SessionRecord> {
  if (record.epoch !== undefined) return record;
  const current = await epoch.current();
  return current === undefined ? record : { ...record, epoch: current };
}

/**
 * Refuses to go on with a session that was revoked with all others since it was opened.
 * @throws SessionError `session/gone`
 */
export async function refuseRevoked(state: SessionState): Promise<void> {
  const { context } = state;
  if (!(await context.epoch.isOver(required(state).record))) return;
  context.events.publish("expired", { reason: "revoked" });
  throw gone();
}

/** Writes under a fresh id, which nobody else can have. */
export async function writeNew(
  context: SessionContext,
  record: SessionRecord,
  state: SessionState,
): Promise<StoredState> {
  const expiresAt = expiryOf(state.lifetime, record.createdAt, context.clock());
  const id = context.generateId();
  const bound = bind(state, id, record);
  const key = context.store.keyOf(id);
  const payload = encodeStored(context, bound, key);
  const written = await put(context, key, bound, payload, "absent", expiresAt);
  // 256 random bits met twice: the generator of ids is broken, and going on would hand out somebody's session.
  if (!written.ok) throw contended();
  return { id, key, version: written.version, expiresAt, bytes: payload.byteLength, record: bound };
}

/** Binds the record to the request; what it was bound to under another id holds no longer. */
export function bind({ context, request }: SessionState, id: string, record: SessionRecord): SessionRecord {
  const { binding: _, ...unbound } = record;
  return context.binding === undefined || request === undefined
    ? unbound
    : { ...unbound, binding: bindingOf(context.binding, id, request) };
}

/** Writes the changes over what was read; when others wrote first, over theirs. */
export async function writeMerged(state: SessionState, changes: readonly Change[]): Promise<StoredState> {
  const { context } = state;
  const read = required(state);
  const { id, key } = read;
  let { version, record: theirs } = read;
  for (let attempt = 1; attempt <= context.maxConflicts + 1; attempt += 1) {
    const record = await inEpoch(context, apply(state, theirs, changes));
    const expiresAt = expiryOf(state.lifetime, record.createdAt, context.clock());
    const payload = encodeStored(context, record, key);
    const result = await put(context, key, record, payload, version, expiresAt);
    if (result.ok) return { id, key, version: result.version, expiresAt, bytes: payload.byteLength, record };
    if (result.current !== undefined) publishConflict(context, attempt, changes);
    const current = await settled(context, key, attempt, result.current);
    if (current === undefined) {
      publishExpired(state);
      throw gone();
    }
    version = current.version;
    theirs = decodeCurrent(context, key, current);
  }
  throw contended();
}

/**
 * What others have stored, once the next attempt may begin.
 * @param current - what refused the last one; out of date by the time that a pause is over
 */
async function settled(
  context: SessionContext,
  key: string,
  attempt: number,
  current: StoredSession | undefined,
): Promise<StoredSession | undefined> {
  if (current === undefined || attempt === 1) return current;
  await backOff(attempt);
  return context.store.read(key);
}

/**
 * Writes a record, with what it is found by.
 * @param payload - the record, encoded
 */
export function put(
  context: SessionContext,
  key: string,
  record: SessionRecord,
  payload: Uint8Array,
  expect: Expectation,
  expiresAt: number,
): Promise<WriteResult> {
  return context.store.write(key, payload, expect, expiresAt, indexValues(context, record));
}

/** Decodes what another request wrote; if that cannot be read, this request's changes have nothing to go into. */
export function decodeCurrent(context: SessionContext, key: string, stored: StoredSession): SessionRecord {
  try {
    return decodeStored(context, stored.payload, key);
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    context.events.unreadable(error);
    throw gone();
  }
}

/** Others wrote first; the changes are merged and tried again. */
export function publishConflict(context: SessionContext, attempt: number, changes: readonly Change[]): void {
  context.events.publish("conflict", { attempt, fields: changes.map(({ field }) => field.name) });
}

/** The session is not there any more: because its time came while the request was at work? */
export function publishExpired({ context, stored, lifetime }: SessionState): void {
  if (stored === undefined) return;
  const { expiresAt, record } = stored;
  const reason = endedBy(lifetime, { createdAt: record.createdAt, expiresAt }, context.clock());
  if (reason !== undefined) context.events.publish("expired", { reason });
}
