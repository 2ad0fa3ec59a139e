import { mysqlStore } from "../../runtime/src/stores/mysql/index.js";
import type { HammerStore } from "./store.js";

export const mysql: HammerStore = {
  service: "mysql",
  make: ({ url, name }) =>
    run(
      url,
      `CREATE TABLE ${name} (id VARBINARY(767) NOT NULL PRIMARY KEY, payload LONGBLOB NOT NULL, version BIGINT NOT NULL, expires_at BIGINT NOT NULL, by_label VARBINARY(255), INDEX (expires_at), INDEX (by_label)) ENGINE = InnoDB`,
    ),
  drop: ({ url, name }) => run(url, `DROP TABLE ${name}`),
  open: ({ url, name }, options) => mysqlStore({ url, table: name, ...options }),
};

async function run(url: string, sql: string): Promise<void> {
  const { createPool } = await import("mysql2/promise");
  const pool = createPool({ uri: url, connectionLimit: 1 });
  try {
    await pool.query(sql);
  } finally {
    await pool.end();
  }
}
