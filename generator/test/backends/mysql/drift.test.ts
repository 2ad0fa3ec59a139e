import { describe } from "vitest";
import { mariadb } from "../../../../services/mariadb.js";
import { mysql } from "../../../../services/mysql.js";
import { canStart, startOwn } from "../../../../services/start.js";
import { mysql as cases } from "../drift/cases/mysql.js";
import { testDrift } from "../drift/drift.js";
import { mysqlAccounts } from "./accounts.js";

/** What each calls an index that queries do not use. */
const servers = [
  ["MariaDB", mariadb, "IGNORED"],
  ["MySQL", mysql, "INVISIBLE"],
] as const;

// A server of its own, which is made read-only.
describe.each(servers.filter(([, recipe]) => canStart(recipe)))("%s", (name, recipe, ignored) => {
  testDrift(name, cases, async () => {
    const { running } = await startOwn(recipe);
    const { root, table, urls, query, emitted, close } = await mysqlAccounts(running.url);
    const names: Readonly<Record<string, string>> = { table, app: `'${table}_app'@'%'`, ignored };
    return {
      root,
      env: { DATABASE_URL: urls.application },
      reset: () =>
        query(
          `SET GLOBAL read_only = OFF; DROP TABLE IF EXISTS ${table}; ${emitted(`0001_create_${table}/up.sql`)} ${emitted("grants.sql")}`,
        ),
      change: (given) => query(given.replace(/\{(\w+)\}/g, (_, name) => names[name] ?? "")),
      async close() {
        await query("SET GLOBAL read_only = OFF");
        await close();
        await running.stop();
      },
    };
  });
});
