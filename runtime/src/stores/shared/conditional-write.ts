import { SessionError } from "../../errors.js";
import type { WriteResult } from "../store.js";
import type { RunOptions } from "./connector.js";

/** Whether an error is of a kind. */
type Judge = (error: unknown) => boolean;

/**
 * Tells a connector how a conditional write, or a removal, is repeated after a lost connection.
 * Refused when it is repeated, it may be in its own way: the attempt whose answer was lost was
 * done, and somebody has perhaps written over it or removed it since. Who took that for a conflict
 * would do it twice; and a session that is gone was removed by this operation, or goes on under a
 * new id. It then fails with `store/unavailable`, for nobody knows whether it was done.
 *
 * @param kind - the backend's, for the message
 * @param isLost - whether it is to be repeated
 * @param isUndone - whether the attempt certainly did nothing
 * @param describe - as of {@link RunOptions}
 */
export function conditionally(
  kind: string,
  isLost: Judge,
  isUndone: Judge,
  describe?: RunOptions["describe"],
): () => RunOptions<WriteResult | boolean> {
  return () => {
    let unclear = false;
    return {
      ...(describe && { describe }),
      repeats(error) {
        const repeated = isLost(error);
        unclear ||= repeated && !isUndone(error);
        return repeated;
      },
      conclude(result) {
        const done = typeof result === "boolean" ? result : result.ok;
        if (!done && unclear) throw unclearWrite(kind);
      },
    };
  };
}

/**
 * Does the same for a write that expects nothing, which is repeated only where it certainly did
 * nothing: done a second time, it could bring back a session that was destroyed in between.
 */
export function once(kind: string, isUndone: Judge): () => RunOptions<WriteResult | boolean> {
  return conditionally(kind, isUndone, isUndone);
}

/** Makes the error of an operation that may have been done before it was refused. */
export function unclearWrite(kind: string): SessionError {
  return new SessionError(
    "store/unavailable",
    `An answer of the ${kind} store was lost, and the session has changed: by this operation, or by another one`,
  );
}
