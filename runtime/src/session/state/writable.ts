import type { FieldDefinition } from "../../codec/definition.js";
import { SessionError } from "../../errors.js";
import { headersLeft, outOfReach, switchedOff } from "../context/refusals.js";
import type { SessionState } from "./state.js";
import { unknownField } from "./unknown-fields.js";

/**
 * Refuses what would be written where nothing is saved.
 * @throws SessionError `session/null-session`, `session/disabled`
 */
export function refuseUnwritable({ nullBecause, isDisabled }: SessionState): void {
  if (nullBecause !== undefined) throw outOfReach(nullBecause);
  if (isDisabled) throw switchedOff();
}

/**
 * Refuses, once the headers have left, a field whose change would have to be told in one.
 * @throws SessionError `session/headers-sent`
 */
export function refuseLate(state: SessionState, field: FieldDefinition): void {
  const { stored, answer } = state;
  if (stored === undefined) refuseWithoutHeaders(state, "beginning a session");
  else if (field.regenerate === "on-change") refuseWithoutHeaders(state, "a new id");
  else if (answer.carries) refuseWithoutHeaders(state, "what travels with its user");
}

/**
 * Refuses what takes a header, once they have left.
 * @throws SessionError `session/headers-sent`
 */
export function refuseWithoutHeaders({ answer }: SessionState, what: string): void {
  if (answer.haveLeft) throw headersLeft(what);
}

/**
 * Finds a field by its name.
 * @throws SessionError `field/unknown`
 */
export function fieldOf({ context }: SessionState, name: string): FieldDefinition {
  const field = context.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw unknownField(name);
  return field;
}

/**
 * Finds a flash list by its name.
 * @throws SessionError `field/unknown`
 */
export function flashListOf(state: SessionState, name: string): FieldDefinition {
  const field = fieldOf(state, name);
  if (field.flash === "list") return field;
  throw new SessionError("field/unknown", `The session has no flash list ${JSON.stringify(name)}`);
}
