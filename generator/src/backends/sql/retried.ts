import { setTimeout as sleep } from "node:timers/promises";

/** How often something is tried that others are in the way of: for about a minute. */
const ATTEMPTS = 20;
/** The first pause, and the longest, in milliseconds. */
const [FIRST, LONGEST] = [100, 5000];
/** A human hears of pauses of at least that. */
const WORTH_A_WORD = 1000;

/**
 * Tries again while somebody else is in the way, after pauses that grow: each attempt holds up who
 * comes after it, and who is in the way for a second may be so for a minute.
 *
 * @param inTheWay - the codes of the database's errors that say so
 * @param wait - told of the first pause, and of long ones
 */
export async function retried<T>(
  inTheWay: readonly string[],
  attempt: () => Promise<T>,
  wait: () => void = () => {},
): Promise<T> {
  for (let count = 1, pause = FIRST; ; count += 1, pause = Math.min(pause * 1.6, LONGEST)) {
    try {
      return await attempt();
    } catch (error) {
      if (count >= ATTEMPTS || !inTheWay.includes(String(Reflect.get(Object(error), "code")))) throw error;
      if (count === 1 || pause >= WORTH_A_WORD) wait();
      await sleep(pause);
    }
  }
}
