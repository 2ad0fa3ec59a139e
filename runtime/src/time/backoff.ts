import { pause } from "./pause.js";

/** The longest wait, in milliseconds. */
const LONGEST = 64;

/**
 * Waits before a refused write is tried again: not at all the first time, since whoever was first
 * is done by then; after that for a random part of a time that doubles up to 64 ms, so that many
 * who change one session at once do not meet again and again ("full jitter").
 *
 * @param attempt - how often it was refused so far
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export async function backOff(attempt: number): Promise<void> {
  if (attempt > 1) await pause(Math.random() * Math.min(2 ** attempt, LONGEST), undefined);
}
