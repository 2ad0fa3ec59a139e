import type { PendingWrite } from "../state/pending.js";
import type { SessionState } from "../state/state.js";
import { tidy } from "./destroy.js";

/** How often something is ended in the background: after 2, 4 and 8 seconds. */
const ATTEMPTS = 3;

/**
 * Ends in the background what must not be found: where the request does nothing more, nobody else
 * would. What cannot be ended then either expires.
 */
export function tidyLater(state: SessionState, attempt = 1): void {
  if (attempt > ATTEMPTS) return;
  const again = (): void => void tidy(state).catch(() => tidyLater(state, attempt + 1));
  setTimeout(again, 1000 * 2 ** attempt).unref();
}

/**
 * Ends in the background a session that may have begun, where the answer was lost and the request
 * does not ask again: no browser was told of it, but it would be found by its fields until it
 * expires. A request that goes on later begins another one.
 */
export function giveUpLater(state: SessionState, write: PendingWrite): void {
  const giveUp = (): void => {
    // It is known by now what became of it, or it was tried once more.
    if (state.pending.write !== write) return;
    if (state.isBusy) return giveUpLater(state, write);
    state.beginAnew();
    tidy(state).catch(() => tidyLater(state));
  };
  setTimeout(giveUp, 2000).unref();
}
