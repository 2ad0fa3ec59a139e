import { pause } from "../../time/pause.js";
import type { OperationOptions } from "../store.js";

/** How often an operation is repeated after a lost connection. */
const REPETITIONS = 3;

/**
 * Tells whether there is time for another attempt after a lost connection, after a pause of 50 ms
 * or more: at most three times, and until the signal aborts.
 * @param attempt - how many there were
 */
export async function mayRepeat(attempt: number, options: OperationOptions | undefined): Promise<boolean> {
  if (attempt > REPETITIONS) return false;
  const signal = options?.signal;
  if (signal?.aborted) return false;
  // All clients lost the server at the same moment: they should not all come back at the same
  // moment.
  await pause(50 * 2 ** (attempt - 1) * (0.5 + Math.random() / 2), signal);
  return signal?.aborted !== true;
}
