import type { Live } from "../../live/live.js";
import { migrateSql } from "../sql/migrate.js";
import { sampleSql } from "../sql/sample.js";
import { verifySql } from "../sql/verify.js";
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
  async sample(target, limit) {
    const database = await openSqliteFile(target, false);
    if (database === undefined) return [];
    try {
      return await sampleSql(target, dialect, sqliteDatabase(database), limit);
    } finally {
      database.close();
    }
  },
};
