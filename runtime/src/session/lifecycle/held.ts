import { gone, movedAway } from "../context/refusals.js";
import type { Change } from "../state/change.js";
import type { HeldBecause } from "../state/held-because.js";
import type { SessionState } from "../state/state.js";

/** Methods that change nothing by what they mean (RFC 9110, 9.2.1). */
const safe: ReadonlySet<string | undefined> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** Ends an operation whose changes were dropped; the commit has nothing more to do. */
export class Dropped extends Error {}

/**
 * Lets a held request begin anew if it does what needs no session: asks for a new id, or changes a
 * field that takes one. Otherwise what it writes is dropped where the method is safe.
 *
 * @throws SessionError `session/moved`
 */
export function refuseWhileHeld(state: SessionState, changes: readonly Change[]): void {
  if (state.held === undefined) return;
  if (state.asked.regenerate || changes.some(({ field }) => field.regenerate === "on-change")) {
    state.release();
    return;
  }
  const { permanent, persist } = state.asked;
  if (changes.length === 0 && permanent === undefined && !persist) return;
  if (!safe.has(state.request?.method)) throw movedAway();
  drop(state, state.held);
}

/**
 * Ends the changes of a request under way that finds a trace where its session was.
 *
 * @throws Dropped where the method is safe; SessionError `session/gone`
 */
export function meetTrace(state: SessionState, trace: "moved" | "ended"): never {
  // Under a lock somebody waits to hear that it was done.
  if (state.isLocked || !safe.has(state.request?.method)) throw gone();
  drop(state, trace);
}

function drop(state: SessionState, reason: HeldBecause): never {
  state.restart(undefined);
  state.hold(reason);
  state.context.events.publish("moved", { reason });
  throw new Dropped();
}
