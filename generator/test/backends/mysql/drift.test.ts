import { describe } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { mysql as cases } from "../drift/cases/mysql.js";
import { testDrift } from "../drift/drift.js";
import { mysqlAccounts } from "./accounts.js";

const url = await serviceUrl("mariadb");

describe.skipIf(url === "")("MariaDB", () => {
  testDrift("MariaDB", cases, async () => {
    const { root, table, urls, query, emitted, close } = await mysqlAccounts(url);
    const names: Readonly<Record<string, string>> = { table, app: `'${table}_app'@'%'`, ignored: "IGNORED" };
    return {
      root,
      env: { DATABASE_URL: urls.application },
      reset: () =>
        query(
          `DROP TABLE IF EXISTS ${table}; ${emitted(`0001_create_${table}/up.sql`)} ${emitted("grants.sql")}`,
        ),
      change: (given) => query(given.replace(/\{(\w+)\}/g, (_, name) => names[name] ?? "")),
      close,
    };
  });
});
