import { SessionError } from "../../errors.js";

/** A null session was written to. */
export function outOfReach(cause: SessionError): SessionError {
  const summary = `The session cannot be written, since sessions do not work: ${cause.message}`;
  return new SessionError("session/null-session", summary, { cause });
}

/** A session was written to that is switched off for this request. */
export function switchedOff(): SessionError {
  return new SessionError(
    "session/disabled",
    "The session cannot be written: it is switched off for this request",
  );
}

/** There is nothing left to change. */
export function gone(): SessionError {
  return new SessionError("session/gone", "The session ended while this request was changing it");
}

/** Others kept writing first, or two changes cannot be merged under a lock. */
export function contended(): SessionError {
  return new SessionError("session/conflict", "The session could not be saved: others kept writing first");
}
