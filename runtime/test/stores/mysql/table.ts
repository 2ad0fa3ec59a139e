import type { Pool } from "mysql2/promise";

/** The columns and indexes of a sessions table, as a migration makes them. */
export const definition = `(
  id VARBINARY(767) NOT NULL,
  payload LONGBLOB NOT NULL,
  version BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  by_user_id VARBINARY(255) NULL,
  by_tenant VARBINARY(255) NULL,
  PRIMARY KEY (id),
  INDEX expires_at (expires_at),
  INDEX by_user_id (by_user_id),
  INDEX by_tenant (by_tenant)
) ENGINE = InnoDB`;

let tables = 0;

/** Makes an empty sessions table of a name of its own. */
export async function makeTable(admin: Pool): Promise<string> {
  tables += 1;
  const name = `sessions_${process.pid}_${tables}`;
  await admin.query(`DROP TABLE IF EXISTS ${name}`);
  await admin.query(`CREATE TABLE ${name} ${definition}`);
  return name;
}
