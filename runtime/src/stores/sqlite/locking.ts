import type { SqliteDatabase, SqliteStatement } from "./driver.js";

/**
 * Gives the database, with statements that may meet a lock without consequences. In libsql one that
 * does so stays under way: until it is run again the connection reads an old state, and what other
 * statements write is neither committed nor given up. There, a statement that writes gets a
 * transaction that has the lock from the beginning. The other drivers are as they should be.
 */
export function lockedFirst(database: SqliteDatabase): SqliteDatabase {
  return {
    exec: (sql) => database.exec(sql),
    prepare: (sql) => {
      const statement = database.prepare(sql);
      return isLibsql(statement) && !statement.reader ? inTransaction(database, statement) : statement;
    },
    close: () => database.close(),
  };
}

/** Of the three drivers, libsql alone can interrupt a statement. */
function isLibsql(statement: SqliteStatement): statement is SqliteStatement & { readonly reader: boolean } {
  return "interrupt" in statement && "reader" in statement;
}

function inTransaction(database: SqliteDatabase, statement: SqliteStatement): SqliteStatement {
  return {
    get: (...parameters) => statement.get(...parameters),
    all: (...parameters) => statement.all(...parameters),
    run: (...parameters) => together(database, () => statement.run(...parameters)),
  };
}

/**
 * Does several things in one transaction, which writes each page of the file once: all of them, or
 * none where one throws. Within a transaction of the application's own, on a database of its own,
 * they are part of that.
 */
export function together<T>(database: SqliteDatabase, work: () => T): T {
  if (!begins(database)) return work();
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** Begins a transaction that has the lock; `false` within another one. */
function begins(database: SqliteDatabase): boolean {
  try {
    database.exec("BEGIN IMMEDIATE");
    return true;
  } catch (error) {
    // Not every driver tells beforehand.
    if (error instanceof Error && error.message.includes("within a transaction")) return false;
    throw error;
  }
}

function rollBack(database: SqliteDatabase): void {
  try {
    database.exec("ROLLBACK");
  } catch {
    // Some errors, such as a full disk, have rolled it back already.
  }
}
