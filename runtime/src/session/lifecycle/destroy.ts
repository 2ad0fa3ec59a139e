import { backOff } from "../../time/backoff.js";
import { contended, gone, headersLeft, movedAway } from "../context/refusals.js";
import type { PendingRemoval } from "../state/pending.js";
import type { SessionState } from "../state/state.js";
import type { StoredState } from "../state/stored-state.js";
import { newMark } from "./marks.js";
import { outcomeOf } from "./outcome.js";
import { leaveTrace } from "./trace.js";
import { foundAs } from "./write.js";

/**
 * Removes the session; what is assigned afterwards begins a new one. It stays to be removed until
 * the store has answered: called again, or with the next commit.
 *
 * @throws SessionError `session/gone` when it was not there any more: it may go on under a new id,
 *   and nobody may take it for ended; `session/moved` when the request came with an id that has
 *   moved; `store/…`
 */
export function destroy(state: SessionState): Promise<void> {
  return state.inTime(() => endSession(state));
}

async function endSession(state: SessionState): Promise<void> {
  const { stored, pending, held, answer, context } = state;
  if (held === "moved" || held === "unverifiable") throw movedAway();
  if (answer.haveLeft && answer.carries) throw headersLeft("ending a session that travels itself");
  if (pending.removal === undefined) {
    const { move } = pending;
    pending.giveUp();
    state.restart(undefined);
    if (stored !== undefined) {
      const { id, key, version } = stored;
      const marks = [newMark(), ...(move === undefined ? [] : [move.mark])];
      pending.removing({ id, key, version, marks, unclear: false });
    }
  }
  await tidy(state);
  const { removal } = pending;
  if (removal === undefined) return;
  const { line } = context.store;
  const end = async (ahead: StoredState | undefined): Promise<undefined> => {
    await endRemoval(state, ahead === undefined ? removal : { ...removal, version: ahead.version });
  };
  const turn = await line.stand(removal.key, state.until, end, "done");
  if (turn === "late") throw contended();
}

/** Ends what must not be found, in the order it came. Stays what it cannot. */
export async function tidy(state: SessionState): Promise<void> {
  const { pending } = state;
  for (let [key] = pending.leftovers; key !== undefined; [key] = pending.leftovers) {
    await leaveTrace(state, { key, expect: "any", reason: "ended", mark: newMark() });
    pending.ended(key);
  }
}

/**
 * Puts the trace in the place of what is to be removed, whatever others have made of it.
 * @throws SessionError as {@link destroy}
 */
export async function endRemoval(state: SessionState, removal: PendingRemoval): Promise<void> {
  const { context, pending, until } = state;
  const { key } = removal;
  const [mark = newMark()] = removal.marks;
  let { version } = removal;
  for (let count = 1; count <= context.maxConflicts + 1; count += 1) {
    const trace = { key, id: removal.id, expect: version, reason: "ended", mark, until } as const;
    const result = await leaveTrace(state, trace).catch((error: unknown) => {
      const unclear = removal.unclear || outcomeOf(error) === "unclear";
      pending.removing({ ...removal, version, unclear });
      throw error;
    });
    if (result.ok) return ended(state);
    const found = result.current && foundAs(context, removal, result.current);
    const left = found?.record.trace;
    if (found === undefined || left !== undefined) {
      const isMine = found?.record.marks?.some((one) => removal.marks.includes(one)) ?? false;
      if (isMine || (removal.unclear && left !== "moved")) return ended(state);
      pending.removed();
      // Behind another id it goes on, and its browser has another cookie.
      if (left !== undefined) state.hold(left);
      throw gone();
    }
    version = found.version;
    await backOff(count);
    if (performance.now() > until) break;
  }
  pending.removing({ ...removal, version });
  throw contended();
}

/** The store has answered: now the client may forget it. */
function ended(state: SessionState): void {
  state.pending.removed();
  state.answer.end();
  state.context.events.publish("destroyed", { by: "session" });
}
