import { endedBy } from "../state/lifetime.js";
import type { SessionState } from "../state/state.js";
import { foundAs } from "./write.js";

/**
 * Goes on from what is stored by now; what was changed and not saved is dropped.
 *
 * @returns `false`: nothing is stored for this session, since it has not begun, has ended, or goes
 *   on under another id. What is assigned then is refused at the commit, as it is when a session
 *   ends while a request is under way
 * @throws SessionError `store/…`
 */
export function reload(state: SessionState): Promise<boolean> {
  return state.inTime(() => readAgain(state));
}

async function readAgain(state: SessionState): Promise<boolean> {
  const { context, stored } = state;
  if (stored === undefined) return false;
  const read = await context.store.read(stored.key, state.until);
  const found = read && foundAs(context, stored, read);
  if (found === undefined || found.record.trace !== undefined) return false;
  const { createdAt, permanent } = found.record;
  const lifetime = state.lifetimeOf(permanent);
  const { expiresAt } = found;
  if (endedBy(lifetime, { createdAt, expiresAt }, context.clock()) !== undefined) return false;
  if (await context.epoch.isOver(found.record)) return false;
  state.restart(found);
  return true;
}
