import type { Table } from "../sql/snapshot.js";
import { type LiveTable, typeText } from "../sql/verify.js";
import type { MysqlSession } from "./connection.js";
import { mysql as dialect } from "./dialect.js";

/** Reads the table as it is; nothing when there is none. */
export async function readTable(session: MysqlSession, { name }: Table): Promise<LiveTable | undefined> {
  const columns = await session.query(
    "SELECT column_name AS name, column_type AS type, is_nullable AS nullable FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?",
    [name],
  );
  if (columns.length === 0) return undefined;
  const parts = await session.query(
    "SELECT index_name AS name, column_name AS part FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? ORDER BY index_name, seq_in_index",
    [name],
  );
  const indexes = new Map<string, string[]>();
  for (const { name: index, part } of parts) {
    indexes.set(String(index), [...(indexes.get(String(index)) ?? []), String(part)]);
  }
  return {
    columns: new Map(
      columns.map(({ name: column, type, nullable }) => [
        String(column),
        // MariaDB says how wide it would print a number: bigint(20).
        typeText(
          String(type)
            .toUpperCase()
            .replace(/^BIGINT\(\d+\)/, "BIGINT"),
          nullable === "YES",
        ),
      ]),
    ),
    indexes: [...indexes].map(([index, list]) => ({ name: index, columns: list, valid: true })),
    denied: await deniedIn(session, dialect.quote(name)),
  };
}

/**
 * Explaining a statement takes the permissions that it takes itself, roles and all, and changes
 * nothing.
 */
async function deniedIn(session: MysqlSession, table: string): Promise<string[]> {
  const statements = {
    SELECT: `SELECT payload FROM ${table} WHERE id = ''`,
    INSERT: `INSERT INTO ${table} (id, payload, version, expires_at) VALUES ('', '', 0, 0)`,
    UPDATE: `UPDATE ${table} SET expires_at = 0 WHERE id = ''`,
    DELETE: `DELETE FROM ${table} WHERE id = ''`,
  };
  const denied: string[] = [];
  for (const [privilege, statement] of Object.entries(statements)) {
    try {
      await session.query(`EXPLAIN ${statement}`);
    } catch (error) {
      const code = String(Reflect.get(Object(error), "code"));
      if (/^ER_(TABLE|COLUMN)ACCESS_DENIED_ERROR$/.test(code)) denied.push(privilege);
      // What else is wrong (a missing column) is reported as such.
    }
  }
  return denied;
}
