import type { FieldDefinition } from "../../codec/definition.js";
import { gone, lockNotKnown, notKnown } from "../context/refusals.js";
import { type Change, samePacked } from "../state/change.js";
import type { PendingWrite } from "../state/pending.js";
import type { SessionState } from "../state/state.js";
import type { StoredState } from "../state/stored-state.js";
import { publishExpired } from "./expired.js";
import { meetTrace } from "./held.js";
import { judge } from "./outcome.js";

/**
 * Goes on from what an unclear write turns out to have done.
 *
 * @param found - what is stored where it went
 * @returns whether it was done; if not, its changes are still to be saved
 * @throws SessionError `session/gone`, `session/unclear`, `session/lock-unclear`
 */
export function conclude(
  state: SessionState,
  { before, attempts }: PendingWrite,
  found: StoredState | undefined,
): boolean {
  const { pending } = state;
  const verdict = judge(before, attempts, found);
  // Nobody else has the id of a session that is about to begin: whatever is there came from here.
  const last = before === undefined && verdict.is === "unknown" ? attempts.at(-1) : undefined;
  const done = verdict.is === "done" ? verdict.attempt : last;
  if (found !== undefined && done !== undefined) {
    pending.written();
    state.settle(found, savedOf(state, done.changes));
    return true;
  }
  if (verdict.is === "open") return false;
  if (verdict.is === "ended") {
    // Under a lock that failed it was told before, and what begins has no other id to go on under.
    if (verdict.trace === "moved" && before !== undefined && pending.undo === undefined)
      meetMoved(
        state,
        attempts.flatMap(({ changes }) => changes),
      );
    if (verdict.trace !== undefined) meetTrace(state, verdict.trace);
    publishExpired(state);
    throw gone();
  }
  pending.written();
  if (verdict.is === "unknown" && found !== undefined)
    forgo(
      state,
      found,
      attempts.flatMap(({ changes }) => changes),
    );
  return false;
}

/**
 * Ends a request whose session goes on under another id, perhaps with what was to be written: only
 * who has that id could tell.
 */
function meetMoved(state: SessionState, changes: readonly Change[]): void {
  if (changes.length === 0) return;
  if (state.isLocked) throw lockNotKnown(undefined);
  state.pending.written();
  state.restart(undefined);
  state.hold("moved");
  throw notKnown([...new Set(changes.map(({ field }) => field.name))]);
}

/** Gives up those changes that must not be made twice, since they may have been made. */
function forgo(state: SessionState, found: StoredState, changes: readonly Change[]): void {
  if (state.isLocked) throw lockNotKnown(undefined);
  const once = changes.filter(({ field }) => !mayRepeat(field));
  state.settle(found, savedOf(state, once));
  state.pending.tellOf(once.map(({ field }) => field.name));
}

/** Whether a change of the field comes to the same when it is merged twice. */
function mayRepeat({ merge = "last-write-wins", flash }: FieldDefinition): boolean {
  if (flash === "list" || typeof merge === "function") return false;
  return typeof merge === "object" ? "union" in merge : merge !== "counter";
}

/**
 * Picks, of changes that turn out to be saved, those that the state still has. After a lock that
 * failed it has those from before it, and what was changed since is yet to be saved.
 */
export function savedOf(state: SessionState, changes: readonly Change[]): readonly Change[] {
  const { undo } = state.pending;
  if (undo === undefined) return changes;
  const now = state.values.changes();
  return undo.filter(({ field, mine }) =>
    now.some((change) => change.field === field && samePacked(change.mine, mine)),
  );
}
