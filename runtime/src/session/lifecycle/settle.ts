import type { PendingMove, PendingWrite } from "../state/pending.js";
import type { SessionState } from "../state/state.js";
import { conclude, savedOf } from "./conclude.js";
import { endRemoval, tidy } from "./destroy.js";
import { accept, finishMove, look } from "./regenerate.js";
import { foundAs, required } from "./write.js";

/** What a commit did. */
export type Committed = "nothing" | "created" | "updated" | "touched" | "regenerated" | "cookie-cleared";

/**
 * Finds out what became of the operations whose answer is missing, and goes on from there. The
 * table is in docs/internals.md.
 * @throws SessionError `store/…` when there is no answer again, and all stays as it is; what the
 *   operations themselves throw
 */
export async function settle(state: SessionState): Promise<Committed> {
  const { pending } = state;
  await tidy(state);
  if (pending.removal !== undefined) await endRemoval(state, pending.removal);
  if (pending.move !== undefined) return settleMove(state, pending.move);
  return pending.write === undefined ? "nothing" : settleWrite(state, pending.write);
}

async function settleWrite(state: SessionState, write: PendingWrite): Promise<Committed> {
  const { context, stored } = state;
  const current = await context.store.read(write.key, state.until);
  const isDone = conclude(state, write, current && foundAs(context, write, current));
  const { pending } = state;
  if (pending.undo !== undefined) {
    // Under a lock it has failed, and was told so: what was not done is not done now.
    if (!isDone && stored === undefined) pending.leave(write.key);
    pending.forgive();
    await tidy(state);
  }
  if (!isDone) return "nothing";
  if (stored === undefined) return begun(state);
  const { answer } = state;
  if (state.isPermanent || answer.repeats) answer.handOut(required(state));
  return "updated";
}

/** Publishes that the session was stored for the first time. */
export function begun(state: SessionState): "created" {
  state.context.events.publish("created", { permanent: state.isPermanent });
  state.answer.handOut(required(state));
  return "created";
}

async function settleMove(state: SessionState, move: PendingMove): Promise<Committed> {
  const { pending } = state;
  if (pending.undo === undefined) {
    await finishMove(state, move, true);
    return "regenerated";
  }
  if ((await look(state, move).catch(unlessGone)) === "done") {
    accept(state, move, savedOf(state, move.changes));
    return "regenerated";
  }
  pending.stayed();
  pending.undone();
  pending.leave(move.copy.key);
  await tidy(state);
  return "nothing";
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof Error && "code" in error && error.code === "session/gone")) throw error;
}
