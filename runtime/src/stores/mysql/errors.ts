import { type RuntimeErrorCode, SessionError } from "../../errors.js";

import { timedOut } from "../../time/deadline.js";

/** The connection broke, or was refused by a server that is just starting, stopping or crowded. */
const lost = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ER_CLIENT_INTERACTION_TIMEOUT",
  "ER_CON_COUNT_ERROR",
  "ER_SERVER_SHUTDOWN",
  "PROTOCOL_CONNECTION_LOST",
]);

/** Nothing was done, because of what others did at the same time. */
const conflicts = new Set(["ER_CHECKREAD", "ER_LOCK_DEADLOCK", "ER_LOCK_WAIT_TIMEOUT"]);

/**
 * What MySQL's and MariaDB's error codes mean for a session, by the names of the MySQL Server Error
 * Message Reference.
 */
const meanings: readonly (readonly [RuntimeErrorCode, string, ReadonlySet<string>])[] = [
  ["store/locked", "The session's row stays locked", conflicts],
  [
    "store/no-database",
    "The server has no database of that name, or the address names none",
    new Set(["ER_BAD_DB_ERROR", "ER_NO_DB_ERROR", "ER_WRONG_DB_NAME"]),
  ],
  [
    "store/not-migrated",
    "The database has no sessions table, or another form of it: run `npx sessgen migrate`",
    new Set([
      "ER_BAD_FIELD_ERROR",
      "ER_BAD_NULL_ERROR",
      "ER_NO_DEFAULT_FOR_FIELD",
      "ER_NO_SUCH_TABLE",
      "ER_TOO_LONG_IDENT",
      "ER_TRUNCATED_WRONG_VALUE_FOR_FIELD",
      "ER_WARN_DATA_OUT_OF_RANGE",
      "ER_WRONG_TABLE_NAME",
    ]),
  ],
  [
    "store/not-migrated",
    "The sessions table has a constraint or a trigger that refuses the session",
    new Set([
      "ER_CHECK_CONSTRAINT_VIOLATED",
      "ER_DUP_ENTRY",
      "ER_NO_REFERENCED_ROW_2",
      "ER_ROW_IS_REFERENCED_2",
      "ER_SIGNAL_EXCEPTION",
    ]),
  ],
  [
    "store/denied",
    "The database refuses the user, the password or the permission",
    new Set([
      "ER_ACCESS_DENIED_ERROR",
      "ER_ACCESS_DENIED_NO_PASSWORD_ERROR",
      "ER_ACCOUNT_HAS_BEEN_LOCKED",
      "ER_COLUMNACCESS_DENIED_ERROR",
      "ER_DBACCESS_DENIED_ERROR",
      "ER_HOST_IS_BLOCKED",
      "ER_HOST_NOT_PRIVILEGED",
      "ER_MUST_CHANGE_PASSWORD",
      "ER_MUST_CHANGE_PASSWORD_LOGIN",
      "ER_NOT_SUPPORTED_AUTH_MODE",
      "ER_SPECIFIC_ACCESS_DENIED_ERROR",
      "ER_TABLEACCESS_DENIED_ERROR",
    ]),
  ],
  [
    "store/read-only",
    "The database can only be read",
    new Set([
      "ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION",
      "ER_OPEN_AS_READONLY",
      "ER_OPTION_PREVENTS_STATEMENT",
      "ER_READ_ONLY_MODE",
    ]),
  ],
  [
    "store/too-large",
    "The session is larger than the database takes",
    new Set(["ER_DATA_TOO_LONG", "ER_NET_PACKET_TOO_LARGE", "ER_TOO_BIG_ROWSIZE"]),
  ],
  [
    "store/full",
    "The database has no room left",
    new Set([
      "ER_CAPACITY_EXCEEDED",
      "ER_DISK_FULL",
      "ER_OUTOFMEMORY",
      "ER_OUT_OF_RESOURCES",
      "ER_RECORD_FILE_FULL",
    ]),
  ],
];

/** MariaDB's ER_CONNECTION_KILLED: mysql2 knows its number only. */
const CONNECTION_KILLED = 1927;

/** MariaDB's ER_CONSTRAINT_FAILED, of a CHECK: mysql2 knows its number only, too. */
const CONSTRAINT_FAILED = 4025;

/** Tells whether the connection broke, or could not be made although that may soon be otherwise. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errno, fatal } = error as Error & { code?: string; errno?: number; fatal?: boolean };
  // mysql2 gives no code to the error of a connection that had broken before it was used.
  return code === undefined ? fatal === true || errno === CONNECTION_KILLED : lost.has(code);
}

/**
 * Tells whether nothing was done because of what others did at the same time: the same again may
 * work.
 */
export function isContended(error: unknown): boolean {
  return conflicts.has(codeOf(error));
}

/** Tells whether a statement names an index that is not there, or ignored. The name has a typo. */
export function lacksIndex(error: unknown): boolean {
  return codeOf(error) === "ER_KEY_DOES_NOT_EXITS";
}

/** Tells whether the server did nothing: it was never asked, or took back what it had begun. */
export function isUndone(error: unknown): boolean {
  const unsent = error instanceof Error && error.message.startsWith("Can't add new command");
  return unsent || codeOf(error) === "ECONNREFUSED" || isContended(error);
}

/**
 * Tells whether the connection is no good for the next operation: broken, about to be closed by a
 * server that was sent too large a packet, or to a server that became a replica.
 */
export function isSpoiled(error: unknown): boolean {
  return (
    isLost(error) || codeOf(error) === "ER_NET_PACKET_TOO_LARGE" || describe(error).code === "store/read-only"
  );
}

/** Says what the application is told. */
export function describe(cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause;
  const code = codeOf(cause);
  if (code === "ETIMEDOUT") return timedOut("mysql", cause);
  const meaning = meanings.find(([, , codes]) => codes.has(code));
  if (meaning !== undefined) return new SessionError(meaning[0], meaning[1], { cause });
  return new SessionError("store/unavailable", "The database could not be reached, or failed", { cause });
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if (Reflect.get(error, "errno") === CONSTRAINT_FAILED) return "ER_CHECK_CONSTRAINT_VIOLATED";
  return String(Reflect.get(error, "code") ?? "");
}
