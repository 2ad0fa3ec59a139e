import { SessionError } from "../../errors.js";
import type { SessionState } from "./state.js";

/**
 * Runs a function that puts a client's values into the session. What the schema forbids is then the
 * client's mistake, and nothing of what the function did is left.
 */
export function accept<T>(state: SessionState, work: () => T): T {
  const before = state.values.changes();
  const { stored } = state;
  try {
    const result = work();
    // What was changed in place is otherwise looked at when the session is saved.
    state.values.changes();
    return result;
  } catch (error) {
    if (state.stored === stored) state.replay(stored, before);
    throw isForbidden(error) ? Object.assign(error, { status: 400, expose: true }) : error;
  }
}

function isForbidden(error: unknown): error is SessionError {
  return error instanceof SessionError && (error.code === "field/invalid" || error.code === "field/unknown");
}
