import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { SessionError } from "../../errors.js";

/** What SQLite says, whichever driver passes it on: each has its own codes, all have its words. */
function messageOf(error: unknown): string {
  return error instanceof Error ? `${Reflect.get(error, "code") ?? ""} ${error.message}` : String(error);
}

/** Tells whether another process, or another connection of this one, has the lock. */
export function isBusy(error: unknown): boolean {
  return /SQLITE_BUSY|SQLITE_LOCKED|database (table )?is locked/i.test(messageOf(error));
}

/** The result code of SQLite for a constraint; the extended ones have more bits. */
const CONSTRAINT = 19;

/** Tells whether somebody's constraint is violated, or a trigger has raised an error. */
function isRefused(error: unknown): boolean {
  const number = error instanceof Error ? Number(Reflect.get(error, "errcode")) : 0;
  return (number & 0xff) === CONSTRAINT || /SQLITE_CONSTRAINT/.test(messageOf(error));
}

/** Says what the application is told. */
export function describe(cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause;
  const message = messageOf(cause);
  if (isBusy(cause)) return new SessionError("store/locked", "The SQLite database stays locked", { cause });
  if (/no such (table|column)|has no column/i.test(message)) {
    return new SessionError(
      "store/not-migrated",
      "The SQLite database has no sessions table yet: run `npx sessgen migrate`",
      { cause },
    );
  }
  if (isRefused(cause)) {
    return new SessionError(
      "store/not-migrated",
      "The sessions table has a constraint or a trigger that refuses the session",
      { cause },
    );
  }
  if (/readonly|read-only/i.test(message)) {
    return new SessionError("store/read-only", "The SQLite database is read-only", { cause });
  }
  if (/SQLITE_FULL|disk is full/i.test(message)) {
    return new SessionError("store/full", "There is no room left for the SQLite database", { cause });
  }
  return new SessionError("store/unavailable", "The SQLite database failed", { cause });
}

/** Says why a file could not be opened: no driver makes a folder for it. */
export function describeOpening(cause: unknown, file: string): unknown {
  const folder = dirname(file);
  if (cause instanceof SessionError || existsSync(folder)) return cause;
  return new SessionError(
    "store/not-migrated",
    `There is no folder ${folder} for the SQLite database yet: run \`npx sessgen migrate\``,
    { cause },
  );
}
