import type { Io, Output } from "./io.js";

/**
 * Tells whether text for this output may have colours: on a terminal, or with FORCE_COLOR, and
 * never with NO_COLOR.
 */
export function hasColors({ NO_COLOR, FORCE_COLOR }: Io["env"], { isTTY }: Output): boolean {
  if (NO_COLOR) return false;
  return isTTY === true || (FORCE_COLOR !== undefined && !/^(?:0|false|)$/.test(FORCE_COLOR));
}
