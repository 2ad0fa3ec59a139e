import { SessionError } from "../../errors.js";

/** Says that a null session was written to. */
export function outOfReach(cause: SessionError): SessionError {
  const summary = `The session cannot be written, since sessions do not work: ${cause.message}`;
  return new SessionError("session/null-session", summary, { cause });
}

/** Says that a session was written to that is switched off for this request. */
export function switchedOff(): SessionError {
  return new SessionError(
    "session/disabled",
    "The session cannot be written: it is switched off for this request",
  );
}

/** Says that there is nothing left to change. */
export function gone(): SessionError {
  return new SessionError("session/gone", "The session ended while this request was changing it");
}

/** Says that others kept writing first, or two changes cannot be merged under a lock. */
export function contended(): SessionError {
  return new SessionError("session/conflict", "The session could not be saved: others kept writing first");
}

/** Says that the request's id is of a session that has moved, ended or cannot be verified. */
export function movedAway(): SessionError {
  return new SessionError(
    "session/moved",
    "The session that the request names has moved to another id, or has ended",
  );
}

/** Says that what the code does takes a header, and the headers have left. */
export function headersLeft(what: string): SessionError {
  return new SessionError(
    "session/headers-sent",
    `The response's headers have left, and ${what} takes a header`,
  );
}

/** Fields whose changes may or may not be stored. */
export function notKnown(fields: readonly string[]): SessionError {
  return new SessionError(
    "session/unclear",
    `Nobody knows whether the changes of ${fields.join(", ")} are stored`,
  );
}

/** Says that what was changed under a lock may or may not be stored. */
export function lockNotKnown(cause: unknown): SessionError {
  if (cause instanceof SessionError && cause.code === "session/lock-unclear") return cause;
  const summary = "Nobody knows whether what was changed under the lock is stored";
  return new SessionError("session/lock-unclear", summary, cause === undefined ? {} : { cause });
}

/** Says that sessions cannot be found by what was asked for. */
export function notIndexed(path: string): SessionError {
  return new SessionError("session/no-lookup", `Sessions have no index on ${JSON.stringify(path)}`);
}
