import { type RuntimeErrorCode, SessionError } from "../../errors.js";

import { timedOut } from "../../time/deadline.js";

const invalidName = "MongoDB does not accept the name of the collection or database";

/**
 * What the server's codes mean here;
 * https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
 */
const meanings: readonly [RuntimeErrorCode, string, readonly number[]][] = [
  // UserNotFound, Unauthorized, AuthenticationFailed, AtlasError
  ["store/denied", "MongoDB refuses the credentials, or the account may not do this", [11, 13, 18, 8000]],
  // UserWritesBlocked, LegacyNotPrimary, NotWritablePrimary, NotPrimaryNoSecondaryOk,
  // NotPrimaryOrSecondary
  ["store/read-only", "MongoDB refuses to write", [371, 10058, 10107, 13435, 13436]],
  ["store/full", "MongoDB is out of disk space", [14031]],
  // BSONObjectTooLarge, and the same of an update and an upsert
  ["store/too-large", "The session is larger than a document may be", [10334, 17419, 17420]],
  // NamespaceNotFound, DocumentValidationFailure, CommandNotSupportedOnView
  ["store/not-migrated", "The collection is not one for sessions", [26, 121, 166]],
  ["store/not-migrated", invalidName, [73]],
  ["store/not-migrated", "The collection has a unique index on more than _id", [11000]],
  // LockTimeout, LockBusy, WriteConflict
  ["store/locked", "Another operation holds the session for too long", [24, 46, 112]],
  // MaxTimeMSExpired, WriteConcernTimeout, NetworkTimeout, NetworkInterfaceExceededTimeLimit,
  // ExceededTimeLimit
  ["store/timeout", "MongoDB did not answer in time", [50, 64, 89, 202, 262]],
];

const byCode = new Map(
  meanings.flatMap(([code, summary, numbers]) =>
    numbers.map((number) => [number, { code, summary }] as const),
  ),
);

/**
 * DocumentDB, on which FerretDB works, has codes of its own for what MongoDB has a code for: the
 * code of MongoDB, by message.
 */
const documentdb: readonly [RegExp, number][] = [
  [/larger than MaxDocumentSize/, 10334],
  [/Document failed validation/, 121],
  [/No space left on device/, 14031],
];

/** Gives the store's error for one of the driver, or for one that is the store's already. */
export function describe(cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause;
  const { name, code, message } = parts(cause);
  // Atlas has one code for all it refuses.
  if (code === 8000 && /quota/i.test(message)) {
    return new SessionError("store/full", "MongoDB Atlas has no space left", { cause });
  }
  const meaning = byCode.get(documentdb.find(([said]) => said.test(message))?.[1] ?? code);
  if (meaning !== undefined) return new SessionError(meaning.code, meaning.summary, { cause });
  if (name.includes("Timeout")) return timedOut("mongodb", cause);
  if (name === "MongoInvalidArgumentError" || name === "MongoAPIError") {
    return new SessionError("store/not-migrated", invalidName, { cause });
  }
  if (name === "MongoMissingDependencyError") {
    return new SessionError("store/missing-driver", "MongoDB's client needs another package for this url", {
      cause,
    });
  }
  return new SessionError("store/unavailable", "MongoDB could not be reached, or failed", { cause });
}

/**
 * Tells whether the connection broke, or the server was stopping: InterruptedAtShutdown,
 * InterruptedDueToReplStateChange, PrimarySteppedDown, ShutdownInProgress. What timed out is not
 * lost, but late, unless it waited for a connection of its own to begin with.
 */
export function isLost(cause: unknown): boolean {
  const { name, code } = parts(cause);
  return (
    /^Mongo(?:Network|PoolCleared|ServerClosed|NotConnected|TopologyClosed|WaitQueueTimeout)Error$/.test(
      name,
    ) || [91, 189, 11600, 11602].includes(code)
  );
}

/**
 * Tells whether the server was never asked: the pool was emptied for what another connection had
 * met, or had no connection to give.
 */
export function isUnsent(cause: unknown): boolean {
  return /^Mongo(?:PoolCleared|WaitQueueTimeout)Error$/.test(parts(cause).name);
}

/**
 * Tells whether the driver found no server. Its monitor, which looks for them, waits for ever where
 * it writes to a socket that is just closing.
 */
export function isStranded(cause: unknown): boolean {
  return parts(cause).name === "MongoServerSelectionError";
}

/** Tells whether there is a document with such a key already. */
export function isDuplicate(cause: unknown): boolean {
  return parts(cause).code === 11000;
}

// By name: the application's own client may come from another copy of the driver.
function parts(cause: unknown): { readonly name: string; readonly code: number; readonly message: string } {
  if (!(cause instanceof Error)) return { name: "", code: 0, message: String(cause) };
  const code = "code" in cause && typeof cause.code === "number" ? cause.code : 0;
  return { name: cause.name, code, message: cause.message };
}
