import { backOff } from "../../time/backoff.js";
import { contended, gone, headersLeft, movedAway } from "../context/refusals.js";
import type { PendingRemoval } from "../state/pending.js";
import type { SessionState } from "../state/state.js";
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
export async function destroy(state: SessionState): Promise<void> {
  const { stored, pending, held, channel, context } = state;
  state.begin();
  if (held === "moved" || held === "unverifiable") throw movedAway();
  if (state.headersSent && channel?.carries) throw headersLeft("ending a session that travels itself");
  if (pending.removal === undefined) {
    const { write, move } = pending;
    // What may have been begun must not be found either.
    if (write?.expect === "absent") pending.leftovers.push(write.key);
    if (move !== undefined) pending.leftovers.push(move.copy.key);
    Object.assign(pending, { write: undefined, move: undefined, undo: undefined, unclear: [] });
    state.restart(undefined);
    if (stored !== undefined) {
      const { id, key, version } = stored;
      const marks = [newMark(), ...(move === undefined ? [] : [move.mark])];
      pending.removal = { id, key, version, marks, unclear: false };
    }
  }
  await tidy(state);
  const { removal } = pending;
  if (removal === undefined) return;
  const { line } = context.store;
  const isInTime = await line.stand(removal.key, state.until, async (ahead) => {
    await endRemoval(state, ahead === undefined ? removal : { ...removal, version: ahead.version });
    return undefined;
  });
  if (!isInTime) throw contended();
}

/** Ends what must not be found, in the order it came. Stays what it cannot. */
export async function tidy(state: SessionState): Promise<void> {
  const { leftovers } = state.pending;
  for (let key = leftovers[0]; key !== undefined; key = leftovers[0]) {
    await leaveTrace(state, key, "any", "ended", newMark());
    const at = leftovers.indexOf(key);
    if (at !== -1) leftovers.splice(at, 1);
  }
}

/**
 * Puts the trace in the place of what is to be removed, whatever others have made of it.
 * @throws SessionError as {@link destroy}
 */
export async function endRemoval(state: SessionState, removal: PendingRemoval): Promise<void> {
  const { context, pending } = state;
  const [mark = newMark()] = removal.marks;
  let { version } = removal;
  for (let count = 1; count <= context.maxConflicts + 1; count += 1) {
    const result = await leaveTrace(state, removal.key, version, "ended", mark, state.until).catch(
      (error: unknown) => {
        const unclear = removal.unclear || outcomeOf(error) === "unclear";
        pending.removal = { ...removal, version, unclear };
        throw error;
      },
    );
    if (result.ok) return ended(state);
    const found = result.current && foundAs(context, removal, result.current);
    const trace = found?.record.trace;
    if (found === undefined || trace !== undefined) {
      const isMine = found?.record.marks?.some((one) => removal.marks.includes(one)) ?? false;
      if (isMine || (removal.unclear && trace !== "moved")) return ended(state);
      pending.removal = undefined;
      // Behind another id it goes on, and its browser has another cookie.
      if (trace !== undefined) state.held = trace;
      throw gone();
    }
    version = found.version;
    await backOff(count);
    if (performance.now() > state.until) break;
  }
  pending.removal = { ...removal, version };
  throw contended();
}

/** The store has answered: now the client may forget it. */
function ended(state: SessionState): void {
  state.pending.removal = undefined;
  state.cookieToClear = true;
  if (!state.headersSent) state.headers = state.channel?.forget() ?? [];
  state.context.events.publish("destroyed", { by: "session" });
}
