import type { Change } from "../state/change.js";
import type { SessionState } from "../state/state.js";

/**
 * Has the application's schema judge the session as a whole, where something of it is to be saved.
 * @throws SessionFieldError when the schema refuses it
 */
export function checkWhole(state: SessionState, changes: readonly Change[]): void {
  const { check, fields } = state.context;
  if (check === undefined || changes.length === 0) return;
  const data: Record<string, unknown> = {};
  for (const field of fields) {
    const value = state.peek(field);
    if (value !== undefined) data[field.name] = value;
  }
  check(data);
}
