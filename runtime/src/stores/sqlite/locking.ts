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
    run: (...parameters) => {
      // The application's own transaction, on a database of its own.
      if (isInTransaction(database)) return statement.run(...parameters);
      database.exec("BEGIN IMMEDIATE");
      try {
        const result = statement.run(...parameters);
        database.exec("COMMIT");
        return result;
      } catch (error) {
        // Some errors, such as a full disk, have rolled it back already.
        if (isInTransaction(database)) database.exec("ROLLBACK");
        throw error;
      }
    },
  };
}

function isInTransaction(database: SqliteDatabase): boolean {
  return "inTransaction" in database && database.inTransaction === true;
}
