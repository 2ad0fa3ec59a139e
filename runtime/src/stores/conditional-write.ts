import { SessionError } from "../errors.js";
import type { WriteResult } from "./store.js";

/** Whether an error is of a kind. */
type Judge = (error: unknown) => boolean;

/**
 * Runs a conditional write that is repeated after a lost connection. Refused when it is repeated, it may be in its own way: the attempt
 * whose answer was lost was done, and somebody has written over it or removed it since. Who took that for a conflict would do it twice.
 *
 * @param kind - the backend's, for the message
 * @param isLost - whether it is to be repeated
 * @param isUndone - whether the attempt certainly did nothing
 * @param write - runs the write, and repeats it as it is told
 * @throws SessionError `store/unavailable` when nobody knows whether it was done
 */
export async function conditionally(
  kind: string,
  isLost: Judge,
  isUndone: Judge,
  write: (mayRepeat: Judge) => Promise<WriteResult>,
): Promise<WriteResult> {
  let unclear = false;
  const result = await write((error) => {
    const repeated = isLost(error);
    unclear ||= repeated && !isUndone(error);
    return repeated;
  });
  if (result.ok || !unclear) return result;
  throw unclearWrite(kind);
}

/** The error of a write that may have been done before others wrote. */
export function unclearWrite(kind: string): SessionError {
  return new SessionError(
    "store/unavailable",
    `An answer of the ${kind} store was lost, and others have written since: the write may have been done or not`,
  );
}
