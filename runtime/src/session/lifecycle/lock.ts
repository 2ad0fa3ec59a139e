import { SessionError } from "../../errors.js";
import type { SessionContext } from "../context/options.js";
import { gone, lockNotKnown, movedAway } from "../context/refusals.js";
import type { Change } from "../state/change.js";
import type { SessionState } from "../state/state.js";
import type { StoredState } from "../state/stored-state.js";
import { commit } from "./commit.js";
import { isEarlier } from "./earlier.js";
import { Lease, type LockOptions } from "./lease.js";
import { settle } from "./settle.js";
import { foundAs } from "./write.js";

/** Runs one operation of a session after the other. */
type InTurn = <T>(operate: () => Promise<T>) => Promise<T>;

/**
 * Runs a function while nobody else does so with the same session, on what is stored by then, and
 * saves what it changed.
 *
 * The lock only keeps requests out of each other's way. That nothing is lost does not rest on it:
 * every write is conditional, and two changes to one field that no policy merges end in
 * `session/conflict`, never in one of them replacing the other. So neither a lease that expired too
 * early nor a request that does not lock can undo what was done under the lock.
 *
 * @param inTurn - for what reads or writes the state; the function itself may commit
 */
export async function withLock<T>(
  state: SessionState,
  inTurn: InTurn,
  work: () => T | Promise<T>,
  options: LockOptions,
): Promise<T> {
  const { store } = state.context;
  if (!store.canLock) {
    throw new SessionError("session/no-lock", "Sessions of this store cannot be locked between processes");
  }
  let lease: Lease | undefined;
  try {
    const before = await inTurn(() =>
      state.inTime(async () => {
        if (state.held !== undefined) throw movedAway();
        if (!state.pending.isEmpty) await settle(state);
        // A session that is not stored yet is known to nobody else.
        if (state.stored !== undefined) {
          // Under today's key, wherever it lies: who has moved it meanwhile is kept out, too.
          const [key = state.stored.key] = keysFor(state.context, state.stored);
          lease = await Lease.acquire(state.context, key, options);
        }
        return readAgain(state);
      }),
    );
    return await undoneOnFailure(state, before, async () => {
      const result = await work();
      await inTurn(() => commit(state));
      return result;
    });
  } finally {
    await lease?.release();
  }
}

/** Goes on from what is stored now, and gives back what was changed before and is not saved yet. */
async function readAgain(state: SessionState): Promise<readonly Change[]> {
  const { stored, context } = state;
  if (stored === undefined) return state.values.changes();
  const changes = state.values.changes();
  for (const key of keysFor(context, stored)) {
    const current = await context.store.read(key);
    const found = current && foundAs(context, { id: stored.id, key }, current);
    if (found === undefined || found.record.trace !== undefined) continue;
    state.replay(found, changes);
    return state.values.changes();
  }
  throw gone();
}

/** Where the session may be: of one that lies under a key of before, under today's, too. */
function keysFor(context: SessionContext, { id, key }: StoredState): readonly string[] {
  return isEarlier(context, { id, key }) ? [context.store.keyOf(id), key] : [key];
}

/**
 * What fails leaves nothing behind that a later commit, such as the host's, would save. What may
 * have been done is asked after before the next operation, and undone if it was not.
 */
async function undoneOnFailure<T>(
  state: SessionState,
  before: readonly Change[],
  work: () => Promise<T>,
): Promise<T> {
  const { stored } = state;
  try {
    return await state.whileLocked(work);
  } catch (error) {
    const { pending } = state;
    if (pending.write !== undefined || pending.move !== undefined) {
      const undo = state.stored === stored ? before : [];
      pending.undoTo(undo);
      state.replay(state.stored, undo);
      throw lockNotKnown(error);
    }
    if (state.stored === stored) state.replay(stored, before);
    throw error;
  }
}
