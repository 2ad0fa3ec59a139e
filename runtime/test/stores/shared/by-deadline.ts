import type { SessionStore } from "../../../src/stores/store.js";
import { Deadline } from "../../../src/time/deadline.js";

/** Waits for an operation as the lifecycle does: so many milliseconds, whatever the store makes of the signal. */
export function byDeadline<T>(
  { kind }: SessionStore,
  milliseconds: number,
  operate: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => new Deadline(kind, milliseconds).wait(operate, resolve, reject));
}
