import { SessionError } from "../../errors.js";

import { timedOut } from "../../time/deadline.js";

/** Replies of a server that has done nothing, and may do it in a moment or elsewhere. */
const elsewhere = /^(?:LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK)\b/;

/** Tells whether the connection was lost, or there was none; the operation may have been done. */
export function isLost(error: unknown): boolean {
  if (error instanceof SessionError || !(error instanceof Error)) return false;
  // What a server says begins with a code in capitals.
  return elsewhere.test(error.message) || !(/^[A-Z]{2,}\b/.test(error.message) || isTimeout(error.message));
}

/**
 * Tells whether it is certain that the operation was not done, so that anything can be repeated.
 */
export function isUndone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    elsewhere.test(error.message) ||
    error.constructor.name === "ClientOfflineError" ||
    ("code" in error && error.code === "ECONNREFUSED")
  );
}

/**
 * Makes the error of the store for what a client library has thrown.
 * @param reading - whether nothing was to be written: without permission the store is then denied,
 *   not read-only
 */
export function describe(cause: unknown, reading: boolean): SessionError {
  if (cause instanceof SessionError) return cause;
  const message = messageOf(cause);
  const forbidden = /^NOPERM\b|: -NOPERM\b|The user executing the script can't/.test(message);
  if (/^(?:NOAUTH|WRONGPASS)\b/.test(message) || (reading && forbidden)) {
    return new SessionError("store/denied", "Redis refuses the credentials, or permission to read", {
      cause,
    });
  }
  // Redis 7 passes on what a command in a script says; Redis 6 puts "ERR Error running script (…):
  // @user_script: 4: -" first.
  if (forbidden || /(?:^|: -)(?:READONLY|NOREPLICAS|MISCONF)\b/.test(message)) {
    return new SessionError("store/read-only", "Redis refuses to write", { cause });
  }
  if (/(?:^|: -)OOM\b/.test(message))
    return new SessionError("store/full", "Redis is out of memory", { cause });
  if (isTimeout(message)) return timedOut("redis", cause);
  return new SessionError("store/unavailable", "Redis could not be reached, or failed", { cause });
}

/** An ioredis cluster that could ask no node keeps what the last one said aside. */
function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return "lastNodeError" in cause && cause.lastNodeError instanceof Error
    ? cause.lastNodeError.message
    : cause.message;
}

function isTimeout(message: string): boolean {
  return /timed? ?out/i.test(message);
}
