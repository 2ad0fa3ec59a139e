import type { Live } from "../../live/live.js";
import { migrateSql } from "../sql/migrate.js";
import { sampleSql } from "../sql/sample.js";
import { verifySql } from "../sql/verify.js";
import { connectMysql } from "./connection.js";
import { mysql as dialect } from "./dialect.js";
import { mysqlDatabase } from "./migrate.js";
import { isDenied, readTable, serverDrifts } from "./verify.js";

/** MySQL and MariaDB: the migrations of the infrastructure folder. */
export const mysql: Live = {
  async migrate(target, request) {
    return migrateSql(target, request, dialect, async () => mysqlDatabase(await connectMysql(target)));
  },
  async verify(target) {
    const session = await connectMysql(target);
    try {
      return await verifySql(target, dialect, {
        database: mysqlDatabase(session),
        table: (wanted) => readTable(session, wanted),
        server: () => serverDrifts(session),
        isDenied,
        now: async () => {
          const [row] = await session.query("SELECT UNIX_TIMESTAMP(NOW(3)) * 1000 AS now");
          return Number(row?.["now"]);
        },
      });
    } finally {
      await session.close();
    }
  },
  async sample(target, limit) {
    const session = await connectMysql(target);
    try {
      return await sampleSql(target, dialect, mysqlDatabase(session), limit);
    } finally {
      await session.close();
    }
  },
};
