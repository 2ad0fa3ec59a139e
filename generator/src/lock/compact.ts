import type { SessionModel } from "../model/model.js";
import { applyLock } from "./apply.js";
import { type Allocation, type Lock, unused, without } from "./lock.js";

/** A lock, and what was taken out of its log. */
export interface Compacted {
  readonly lock: Lock;
  /** What is free again. It stood for nothing that is in the schema. */
  readonly givenBack: readonly Allocation[];
}

/**
 * Takes out of the log what is no longer in the schema and was never committed. What was allocated
 * behind it, and never committed either, goes too: it gets a slot anew when the lock is applied,
 * for to whoever deployed it all the same the log is another one from there on.
 *
 * @param committed - every lock of the application that a commit ever had
 */
export function compact(model: SessionModel, lock: Lock, committed: readonly Lock[]): Compacted {
  const known = new Set(committed.flatMap(({ log }) => log.map(nameOf)));
  const never = lock.log.filter((allocation) => !known.has(nameOf(allocation)));
  const givenBack = unused(applyLock(model, lock).lock, never);
  const [first] = givenBack;
  if (first === undefined) return { lock, givenBack };
  return { lock: without(lock, never.slice(never.indexOf(first))), givenBack };
}

function nameOf({ key, slot, type }: Allocation): string {
  return JSON.stringify([key, slot, type]);
}
