import type { Backend } from "../backend.js";
import { mysql as dialect } from "./dialect.js";
import { kept, options } from "./options.js";

/** A table of MySQL or MariaDB. */
export const mysql: Backend = {
  kind: "mysql",
  options,
  kept,
  first: {
    hint: "a table of MySQL or MariaDB",
    code: 'kind: "mysql", url: env("DATABASE_URL")',
    variables: { DATABASE_URL: "mysql://localhost:3306/app" },
    rank: 2,
  },
  store: { module: "@sessgen/runtime/stores/mysql", factory: "mysqlStore" },
  dialect,
  live: async () => (await import("./live.js")).mysql,
  addresses: ["url", "poolSize"],
  imports: { client: "pool" },
  clients: ["mysql2"],
  companions: ["express-mysql-session"],
};
