import { partAt } from "../../codec/record/packed-fields.js";
import type { SessionRecord } from "../../codec/record/record.js";
import { SessionError } from "../../errors.js";
import type { Expectation, StoredSession, WriteResult } from "../../stores/store.js";
import { backOff } from "../../time/backoff.js";
import type { SessionContext } from "../context/options.js";
import { contended, gone } from "../context/refusals.js";
import { apply } from "../state/apply.js";
import { type Change, samePacked } from "../state/change.js";
import type { PendingMove } from "../state/pending.js";
import type { SessionState } from "../state/state.js";
import type { Address, StoredState } from "../state/stored-state.js";
import { tidy } from "./destroy.js";
import { publishExpired } from "./expired.js";
import { meetTrace } from "./held.js";
import { inEpoch, refuseRevoked } from "./in-epoch.js";
import { tidyLater } from "./later.js";
import { newMark } from "./marks.js";
import { outcomeOf } from "./outcome.js";
import { leaveTrace } from "./trace.js";
import { bind, draftOf, foundAs, publishConflict, put, required, stillToDo, storedAs } from "./write.js";

/**
 * Gives the same session a new id. The record is written under the new id, then a trace takes the
 * place of the old one, in the state that was merged and no other: nobody else's change is lost.
 * Interrupted in between, the new id is known to nobody.
 *
 * @param ahead - what another request of this process has stored since
 */
export async function regenerate(
  state: SessionState,
  given: readonly Change[],
  reason: PendingMove["reason"],
  ahead: StoredState | undefined,
): Promise<void> {
  const { context } = state;
  const read = required(state);
  const old = ahead ?? read;
  const changes = old.version === read.version ? given : stillToDo(state, old, given);
  const id = context.generateId();
  const target = { id, key: context.store.keyOf(id), expect: "absent" } as const;
  const met = await moveTo(state, { old, changes, target, reason });
  // 256 random bits met twice: the generator of ids is broken, and going on would hand out
  // somebody's session.
  if (met !== undefined) throw contended();
}

/** A move to another key. */
interface Move {
  readonly old: StoredState;
  readonly changes: readonly Change[];
  readonly target: Address & { readonly expect: Expectation };
  readonly reason: PendingMove["reason"];
}

/**
 * Gives a session that lies under a key of before its key of today. The id stays: requests that
 * come with it find the session all the while.
 *
 * @returns what another request has stored there first, if it is a session: changes go into that
 */
export async function moveHome(
  state: SessionState,
  { old, changes }: Pick<Move, "old" | "changes">,
): Promise<StoredState | undefined> {
  const { id } = old;
  const key = state.context.store.keyOf(id);
  const move = { old, changes, reason: "key-changed" } as const;
  let met = await moveTo(state, { ...move, target: { id, key, expect: "absent" } });
  if (met === undefined) return undefined;
  const found = foundAs(state.context, { id, key }, met);
  if (found.record.trace === undefined) return found;
  if (found.record.trace === "ended") meetTrace(state, found.record.trace);
  // Somebody whose keys are those of before had moved it away from here.
  met = await moveTo(state, { ...move, target: { id, key, expect: found.version } });
  if (met !== undefined) throw contended();
  return undefined;
}

async function moveTo(
  state: SessionState,
  { old, changes, target: { id, key, expect }, reason }: Move,
): Promise<StoredSession | undefined> {
  const { context } = state;
  await refuseRevoked(context, old.record);
  const record = await inEpoch(context, bind(state, id, apply(state, old.record, changes)));
  const draft = draftOf(state, { id, key }, { record, mark: newMark(), before: old });
  const written = await put(state, draft, expect).catch(async (error: unknown) => {
    if (outcomeOf(error) === "unclear") await endCopy(state, key);
    throw error;
  });
  if (!written.ok) {
    if (written.current === undefined) throw contended();
    return written.current;
  }
  const copy = storedAs(draft, written.version);
  await finishMove(state, { old, copy, mark: newMark(), changes, reason }, false);
  return undefined;
}

/**
 * Puts the trace in the place of the old record, until it is certain that it is there.
 *
 * @param asks - an earlier attempt is unclear: look first
 * @throws SessionError `session/gone`, `session/conflict`; `store/…`, and where that is unclear the
 *   move stays pending
 */
export async function finishMove(state: SessionState, move: PendingMove, asks: boolean): Promise<void> {
  const { pending } = state;
  pending.moving(move);
  try {
    accept(state, await replaceOld(state, move, asks));
  } catch (error) {
    if (pending.move !== undefined && outcomeOf(error) === "unclear") throw error;
    // The old session is what it was.
    pending.stayed();
    await endCopy(state, move.copy.key);
    throw error;
  }
}

/** Goes on under the new id, which is the session's now. */
export function accept(
  state: SessionState,
  { copy, changes, reason }: PendingMove,
  saved: readonly Change[] = changes,
): void {
  state.pending.moved();
  state.rebase(copy, saved);
  state.context.events.publish("regenerated", { reason });
  state.answer.handOut(required(state));
}

async function replaceOld(state: SessionState, begun: PendingMove, asks: boolean): Promise<PendingMove> {
  const { context, pending } = state;
  let move = begun;
  let asked = asks;
  // The error that says that an attempt may still be done: while there is one, no other error is
  // thrown.
  let open: unknown = asks ? notInTime() : undefined;
  let found = asks ? await look(state, move) : undefined;
  for (let count = 1; found !== "done"; count += 1) {
    if (count > context.maxConflicts + 1 || performance.now() > state.until) throw open ?? contended();
    if (found !== undefined && found.version !== move.old.version) {
      // The version that the attempt expects has been replaced.
      open = undefined;
      move = await copyAgain(state, move, found, count);
      pending.moving(move);
    }
    try {
      found = await replace(state, move);
    } catch (error) {
      const isUnclear = outcomeOf(error) === "unclear";
      if (asked || !isUnclear) throw isUnclear || hasEnded(error) ? error : (open ?? error);
      open = error;
      // Asked at once, and once: whether the old id is dead decides which cookie is the right one.
      asked = true;
      found = await look(state, move).catch((again: unknown) => {
        throw outcomeOf(again) === "unclear" ? error : again;
      });
    }
    if (found !== "done" && count > 1) {
      await backOff(count);
      found = await look(state, move);
    }
  }
  return move;
}

function notInTime(): SessionError {
  return new SessionError(
    "store/timeout",
    "The store did not say in time whether the session has its new id",
  );
}

/** Whether there is no session any more that the move could be of. */
function hasEnded(error: unknown): boolean {
  return error instanceof SessionError && error.code === "session/gone";
}

async function replace(
  state: SessionState,
  { old, mark, ...move }: PendingMove,
): Promise<"done" | StoredState> {
  const { until } = state;
  const { id, key, version: expect } = old;
  const result = await leaveTrace(state, { key, id, expect, reason: "moved", mark, until });
  return result.ok ? "done" : underOldKey(state, { old, mark, ...move }, result.current);
}

/**
 * Gives what is under the old key: the move's own trace (`done`), or a session.
 * @throws SessionError `session/gone` when it has ended, or others have moved it
 */
export async function look(state: SessionState, move: PendingMove): Promise<"done" | StoredState> {
  return underOldKey(state, move, await state.context.store.read(move.old.key, state.until));
}

function underOldKey(
  state: SessionState,
  { old, mark }: PendingMove,
  current: StoredSession | undefined,
): "done" | StoredState {
  const found = current && foundAs(state.context, old, current);
  if (found?.record.trace !== undefined && found.record.marks?.includes(mark)) return "done";
  if (found === undefined) publishExpired(state);
  if (found === undefined || found.record.trace !== undefined) throw gone();
  return found;
}

/** Merges the changes into what others have stored under the old id, and copies that. */
async function copyAgain(
  state: SessionState,
  { copy, ...move }: PendingMove,
  old: StoredState,
  count: number,
): Promise<PendingMove> {
  // Until the next trace is written only the copy is unclear; it is removed when this fails.
  state.pending.stayed();
  const { context } = state;
  publishConflict(context, count, move.changes);
  await refuseRevoked(context, old.record);
  const changes = stillToDo(state, old, move.changes);
  const record = await inEpoch(context, bind(state, copy.id, apply(state, old.record, changes)));
  let draft = draftOf(state, copy, { record, mark: newMark(), before: { ...old, key: copy.key } });
  let written = await put(state, draft, copy.version);
  // A backfill writes this copy anew, too, and changes nothing in it.
  for (let tries = 0; tries < context.maxConflicts && isStillCopy(state, copy, written); tries += 1)
    written = await put(state, draft, written.current.version);
  // The id is the old one: others have found the copy, and go on from there.
  for (let tries = 0; tries < context.maxConflicts && copy.id === old.id; tries += 1) {
    if (written.ok || written.current === undefined) break;
    const there = foundAs(context, copy, written.current);
    if (there.record.trace !== undefined) break;
    const merged = apply(state, there.record, changesBetween(context, move.old.record, old.record));
    draft = draftOf(state, copy, { record: merged, mark: newMark(), before: there });
    written = await put(state, draft, there.version);
  }
  // Nobody knows the new id, but sessions can be revoked by a field: this one must not be brought
  // back.
  if (!written.ok) throw gone();
  return { ...move, old, changes, copy: storedAs(draft, written.version) };
}

/** What somebody has changed between two states of a session. */
function changesBetween(
  { fields }: SessionContext,
  before: SessionRecord,
  after: SessionRecord,
): readonly Change[] {
  return fields.flatMap((field) => {
    const [base, mine] = [before, after].map(({ fields }) => partAt(fields, field.slot));
    return samePacked(base, mine) ? [] : [{ field, base, mine }];
  });
}

/** Whether what refused a write is the copy all the same: it has the mark that nobody else gave. */
function isStillCopy(
  { context }: SessionState,
  copy: StoredState,
  written: WriteResult,
): written is { readonly ok: false; readonly current: StoredSession } {
  const [mark] = copy.record.marks ?? [];
  if (written.ok || written.current === undefined || mark === undefined) return false;
  const { trace, marks } = foundAs(context, copy, written.current).record;
  return trace === undefined && marks?.[0] === mark;
}

/**
 * Sees to it that nobody finds the copy: its fields may be indexed. What cannot be ended now is
 * ended before the next operation.
 */
async function endCopy(state: SessionState, key: string): Promise<void> {
  state.pending.leave(key);
  await tidy(state).catch(() => tidyLater(state));
}
