import type { SqliteDatabase } from "@sessgen/runtime/sqlite-driver";
import type { Live } from "../../live/live.js";
import { migrateSql } from "../sql/migrate.js";
import type { Table } from "../sql/snapshot.js";
import { type LiveTable, typeText, verifySql } from "../sql/verify.js";
import { sqlite as dialect } from "./dialect.js";
import { openSqliteFile, sqliteDatabase } from "./migrate.js";

/** SQLite: the migrations of the infrastructure folder. */
export const sqlite: Live = {
  async migrate(target, request) {
    return migrateSql(target, request, dialect, async (_target, make) => {
      const database = await openSqliteFile(target, make);
      return database && sqliteDatabase(database);
    });
  },
  async verify(target) {
    const database = await openSqliteFile(target, false);
    if (database === undefined) {
      return [{ id: "verify/missing-table", summary: `There is no database file ${target.options["file"]}` }];
    }
    try {
      return await verifySql(target, dialect, {
        database: sqliteDatabase(database),
        table: async (wanted) => readTable(database, wanted),
      });
    } finally {
      database.close();
    }
  },
};

function readTable(database: SqliteDatabase, { name }: Table): LiveTable | undefined {
  const columns = database
    .prepare('SELECT name, type, "notnull" AS filled FROM pragma_table_info(?)')
    .all(name);
  if (columns.length === 0) return undefined;
  const indexes = database.prepare("SELECT name FROM pragma_index_list(?)").all(name);
  return {
    columns: new Map(
      columns.map((column) => [
        String(column["name"]),
        typeText(String(column["type"]), column["filled"] === 0),
      ]),
    ),
    indexes: indexes.map((index) => ({
      name: String(index["name"]),
      columns: database
        .prepare("SELECT name FROM pragma_index_info(?) ORDER BY seqno")
        .all(String(index["name"]))
        .map((part) => String(part["name"])),
      valid: true,
    })),
    // Whoever may write the file may do everything.
    denied: [],
  };
}
