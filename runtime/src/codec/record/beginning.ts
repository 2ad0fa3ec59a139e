import { UnreadableValue } from "../unreadable.js";
import { roundCreatedAt } from "./record.js";

/** The last moment that a Date can hold, in milliseconds before and after the Unix epoch. */
const LAST = 8.64e15;

/**
 * Gives when a session began, as it was read from a payload of whichever format.
 * @param milliseconds - since the Unix epoch
 * @throws UnreadableValue where no date is so far away
 */
export function beginningOf(milliseconds: number): number {
  const rounded = roundCreatedAt(milliseconds);
  // NaN, too.
  if (!(Math.abs(rounded) <= LAST)) throw new UnreadableValue("an instant");
  return rounded;
}
