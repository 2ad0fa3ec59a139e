import type { Live, Target } from "../../live/live.js";
import type { SqlDatabase } from "../sql/database.js";
import { countSql, listSql } from "../sql/list.js";
import { migrateSql, migrationsOf } from "../sql/migrate.js";
import { verifySql } from "../sql/verify.js";
import { connectPostgres } from "./connection.js";
import { postgres as dialect } from "./dialect.js";
import { postgresDatabase } from "./migrate.js";
import { isDenied, readTable, serverDrifts } from "./verify.js";

/** PostgreSQL: the migrations of the infrastructure folder. */
export const postgres: Live = {
  async migrate(target, request) {
    const { migrations } = await migrationsOf(target, dialect);
    return migrateSql(target, request, dialect, async () =>
      postgresDatabase(await connectPostgres(target), migrations),
    );
  },
  async verify(target) {
    const { migrations } = await migrationsOf(target, dialect);
    const session = await connectPostgres(target);
    const database = postgresDatabase(session, migrations);
    try {
      return await verifySql(target, dialect, {
        database,
        table: (wanted) => readTable(session, wanted),
        server: () => serverDrifts(session),
        isDenied,
        now: async () => {
          const [row] = await session.query("SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now");
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
  return postgresDatabase(await connectPostgres(target), []);
}
