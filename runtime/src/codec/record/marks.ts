import { UnreadableValue } from "../unreadable.js";

/** The most marks that a record carries. */
export const MAX_MARKS = 4;
/**
 * Gives a number of 32 bits, as epochs and marks are.
 * @throws UnreadableValue when it is none
 */
export function uint32(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32)
    throw new UnreadableValue("a number of 32 bits");
  return value;
}
