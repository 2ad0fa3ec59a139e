import type { SessionRecord } from "../../codec/record/record.js";
import { UnreadableValue } from "../../codec/unreadable.js";
import type { Expectation, StoredSession, WriteResult } from "../../stores/store.js";
import { backOff } from "../../time/backoff.js";
import type { SessionContext } from "../context/options.js";
import { contended, gone } from "../context/refusals.js";
import { decodeStored } from "../records/stored-record.js";
import { writeIndexed } from "../records/write-indexed.js";
import type { Change } from "../state/change.js";
import { expiryOf, laterEnd } from "../state/lifetime.js";
import type { Attempt } from "../state/pending.js";
import type { SessionState } from "../state/state.js";
import { type Address, type StoredState, storedState } from "../state/stored-state.js";
import { conclude } from "./conclude.js";
import { publishExpired } from "./expired.js";
import { meetTrace } from "./held.js";
import { refuseRevoked } from "./in-epoch.js";
import { marked } from "./marks.js";
import { outcomeOf } from "./outcome.js";
import { encodeWithin } from "./size.js";

/** Gives what is stored of a session that has not ended. */
export function required(state: SessionState): StoredState {
  if (state.stored === undefined) throw gone();
  return state.stored;
}

/** A session that is about to be written: all of its stored state but the version. */
export interface Draft extends Omit<StoredState, "version"> {
  readonly payload: Uint8Array;
}

/** What a draft is made of. */
export interface Drafted {
  readonly record: SessionRecord;
  /** Of the commit. */
  readonly mark: number;
  /** What it replaces. */
  readonly before: StoredState | undefined;
}

/**
 * Makes a draft, and refuses what could not be kept or handed out: nothing is written then.
 * @throws SessionError `session/too-large`, `store/too-large`
 */
export function draftOf(
  state: SessionState,
  { id, key }: Address,
  { record: given, mark, before }: Drafted,
): Draft {
  const { context, answer } = state;
  const { lifetime, clock } = context;
  const now = clock();
  // A session that travels in its cookie is never looked up.
  const record = answer.carries ? given : marked(given, mark, before, lifetime, now);
  const lifetimes = state.lifetimeOf(record.permanent);
  const end = expiryOf(lifetimes, record.createdAt, now);
  const stays = before?.key === key && before.record.permanent && record.permanent;
  const expiresAt = stays ? laterEnd(before.expiresAt, end, lifetimes) : end;
  const payload = encodeWithin(context, { key, record }, before?.bytes ?? 0);
  const draft = { id, key, expiresAt, bytes: payload.byteLength, record, payload };
  answer.refuseUnfit(draft);
  return draft;
}

/** Writes a draft, with what it is found by. */
export function put(
  { context, until }: SessionState,
  { key, payload, expiresAt, record }: Draft,
  expect: Expectation,
  stopsAt: number = until,
): Promise<WriteResult> {
  return writeIndexed(context, { key, payload, expect, expiresAt, record, until: stopsAt });
}

/** Does as {@link put}; when the answer is missing, it is remembered what was to be stored. */
export function attempt(
  state: SessionState,
  draft: Draft,
  before: StoredState | undefined,
  attempted: Attempt,
): Promise<WriteResult> {
  return put(state, draft, before?.version ?? "absent").catch((error: unknown) => {
    const { id, key } = draft;
    if (outcomeOf(error) === "unclear") state.pending.attempted({ id, key, before }, attempted);
    throw error;
  });
}

/** Gives the draft as it is stored. */
export function storedAs({ id, key, expiresAt, bytes, record }: Draft, version: string): StoredState {
  return { id, key, version, expiresAt, bytes, record };
}

/** Binds the record to the request; what it was bound to under another id holds no longer. */
export function bind({ context, request }: SessionState, id: string, record: SessionRecord): SessionRecord {
  const { binding: _, ...unbound } = record;
  return context.binding === undefined || request === undefined
    ? unbound
    : { ...unbound, binding: context.binding.of(id, request) };
}

/**
 * Gives what an unclear write was to replace. The next write has to expect the same: of all
 * attempts that expect one version, at most one can be done.
 */
export function attempted({ pending }: SessionState, { key }: Address): StoredState | undefined {
  return pending.write?.key === key ? pending.write.before : undefined;
}

/** Publishes that others wrote first, and gives the changes that their state does not contain. */
export function metOthers(
  state: SessionState,
  others: StoredState,
  count: number,
  changes: readonly Change[],
): readonly Change[] {
  publishConflict(state.context, count, changes);
  return stillToDo(state, others, changes);
}

/** Tells whether it turned out that all was done before. */
export function isSaved(
  { asked: { permanent } }: SessionState,
  changes: readonly Change[],
  record: SessionRecord,
): boolean {
  return changes.length === 0 && (permanent === undefined || permanent === record.permanent);
}

/**
 * Gives the changes that others' state does not contain: after an unclear write, what it did is in
 * there.
 */
export function stillToDo(
  state: SessionState,
  others: StoredState,
  changes: readonly Change[],
): readonly Change[] {
  const { write } = state.pending;
  if (write?.key !== others.key) return changes;
  conclude(state, write, others);
  return state.values.changes();
}

/**
 * Gives what others have stored, once the next attempt may begin.
 *
 * @param count - how often it was tried
 * @param refusing - what refused the last attempt; out of date by the time that a pause is over
 * @throws SessionError `session/gone`, `session/conflict` when the time is over
 */
export async function currentOf(
  state: SessionState,
  mine: StoredState,
  count: number,
  refusing: StoredSession | undefined,
): Promise<StoredState> {
  const { store } = state.context;
  let current = refusing;
  if (current !== undefined && count > 1) {
    await backOff(count);
    if (performance.now() > state.until) throw contended();
    current = await store.read(mine.key, state.until);
  }
  if (current === undefined) {
    publishExpired(state);
    throw gone();
  }
  const found = foundAs(state.context, mine, current);
  if (found.record.trace !== undefined) meetTrace(state, found.record.trace);
  await refuseRevoked(state.context, found.record);
  return found;
}

/** Decodes what was read of a session; it may be a trace. */
export function foundAs(context: SessionContext, address: Address, current: StoredSession): StoredState {
  return storedState(address, current, decodeCurrent(context, address.key, current));
}

/**
 * Decodes what another request wrote; if that cannot be read, this request's changes have nothing
 * to go into.
 */
function decodeCurrent(context: SessionContext, key: string, stored: StoredSession): SessionRecord {
  try {
    return decodeStored(context, stored.payload, key);
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    context.events.unreadable(error);
    throw gone();
  }
}

/** Publishes that others wrote first; the changes are merged and tried again. */
export function publishConflict(context: SessionContext, count: number, changes: readonly Change[]): void {
  context.events.publish("conflict", { attempt: count, fields: changes.map(({ field }) => field.name) });
}
