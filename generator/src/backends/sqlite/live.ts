import type { Live, Target } from "../../live/live.js";
import type { SqlDatabase } from "../sql/database.js";
import { countSql, listSql } from "../sql/list.js";
import { migrateSql } from "../sql/migrate.js";
import { forTool, verifySql } from "../sql/verify.js";
import { openSqliteFile } from "./connection.js";
import { sqlite as dialect } from "./dialect.js";
import { sqliteDatabase } from "./migrate.js";
import { readTable } from "./verify.js";

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
      const summary = `There is no database file ${target.options["file"]}`;
      return [forTool({ id: "verify/missing-table", summary }, target)];
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
  list: (target, request) => listSql(target, dialect, () => opened(target), request),
  count: (target) => countSql(target, dialect, () => opened(target)),
};

async function opened(target: Target): Promise<SqlDatabase | undefined> {
  const database = await openSqliteFile(target, false);
  return database && sqliteDatabase(database);
}
