import type { SessionState } from "../state/state.js";
import { required } from "./write.js";

/**
 * Has the response hand the session out; it replaces what was to be told before: there is one
 * session.
 */
export function tellClient(state: SessionState): void {
  state.cookieToClear = false;
  if (state.headersSent) return;
  const stored = required(state);
  state.headers = state.channel?.handOut(stored, stored.record.permanent) ?? [];
}
