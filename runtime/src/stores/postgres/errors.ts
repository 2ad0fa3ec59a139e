import { SessionError } from "../../errors.js";
import { timedOut } from "../../time/deadline.js";

/** The error's code: five characters of SQLSTATE, or the system's or the library's word. */
function codeOf(error: unknown): string {
  return error instanceof Error ? String(Reflect.get(error, "code") ?? "") : "";
}

/** Tells whether the server did nothing: it was never asked, or took back what it had begun. */
export function isUndone(error: unknown): boolean {
  return /^(57P03|ECONNREFUSED)$/.test(codeOf(error)) || isContended(error);
}

/**
 * Tells whether another transaction went first: serialization_failure, which repeatable read and
 * serializable answer with where read committed looks at the row again, and deadlock_detected. Both
 * ask for the same again (PostgreSQL's documentation, "Serialization Failure Handling").
 */
export function isContended(error: unknown): boolean {
  return /^(40001|40P01)$/.test(codeOf(error));
}

/**
 * Tells whether the connection broke, or was refused by a server that is just starting or stopping.
 */
export function isLost(error: unknown): boolean {
  const message = error instanceof Error ? error.message : "";
  return (
    /^(08...|57P0[1-3]|ECONN(RESET|REFUSED)|EPIPE|CONNECTION_(CLOSED|ENDED|DESTROYED))$/.test(
      codeOf(error),
    ) || /Connection terminated|Client has encountered a connection error/.test(message)
  );
}

/** Says what the application is told. */
export function describe(cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause;
  const code = codeOf(cause);
  const message = cause instanceof Error ? cause.message : "";
  // PostgreSQL's documentation, appendix A: error codes.
  if (/^(42P01|42703|3F000|42804|42P10)$/.test(code)) {
    return new SessionError(
      "store/not-migrated",
      "The database has no sessions table, or an older form of it: run `npx sessgen migrate`",
      { cause },
    );
  }
  // Integrity constraint violation, or what a trigger raises: of ours, none is ever violated.
  if (/^(23...|P0001)$/.test(code)) {
    return new SessionError(
      "store/not-migrated",
      "The sessions table has a constraint or a trigger that refuses the session",
      { cause },
    );
  }
  if (code === "3D000") {
    return new SessionError("store/no-database", "PostgreSQL has no database of that name", { cause });
  }
  if (/^(28...|42501)$/.test(code)) {
    return new SessionError("store/denied", "PostgreSQL refuses the user, the password or the permission", {
      cause,
    });
  }
  if (code === "25006") return new SessionError("store/read-only", "The database is read-only", { cause });
  if (/^(53100|53200|53400)$/.test(code)) {
    return new SessionError("store/full", "The database has no room left", { cause });
  }
  if (/^(54000|22026|54P..)$/.test(code) || /invalid memory alloc request size|index row/.test(message)) {
    return new SessionError("store/too-large", "The session is larger than PostgreSQL can keep", { cause });
  }
  if (/^(40P01|40001|55P03)$/.test(code)) {
    return new SessionError("store/locked", "The session's row stays locked", { cause });
  }
  if (
    code === "57014" ||
    /timeout exceeded when trying to connect/.test(message) ||
    code === "CONNECT_TIMEOUT"
  ) {
    return timedOut("postgres", cause);
  }
  return new SessionError("store/unavailable", "PostgreSQL could not be reached, or failed", { cause });
}
