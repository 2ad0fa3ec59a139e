import type { Live, Target } from "../../live/live.js";
import type { SqlDatabase } from "../sql/database.js";
import { countSql, listSql } from "../sql/list.js";
import { migrateSql } from "../sql/migrate.js";
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
  list: (target, request) => listSql(target, dialect, () => opened(target), request),
  count: (target) => countSql(target, dialect, () => opened(target)),
};

async function opened(target: Target): Promise<SqlDatabase> {
  return mysqlDatabase(await connectMysql(target));
}
