import type { Table } from "../sql/snapshot.js";
import { type LiveTable, typeText } from "../sql/verify.js";
import { type PostgresSession, postgresPath } from "./connection.js";

/** Reads the table as it is; nothing when there is none. */
export async function readTable(session: PostgresSession, wanted: Table): Promise<LiveTable | undefined> {
  const path = postgresPath(wanted);
  const [found] = await session.query("SELECT to_regclass($1)::oid::text AS oid", [path]);
  const oid = found?.["oid"];
  if (typeof oid !== "string") return undefined;
  const columns = await session.query(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS filled, attcollation = '"C"'::regcollation AS bytes FROM pg_attribute WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped`,
    [oid],
  );
  const indexes = await session.query(
    "SELECT c.relname AS name, i.indisvalid AS valid, (SELECT json_agg(a.attname ORDER BY k.position) FROM unnest(i.indkey) WITH ORDINALITY AS k (number, position) JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number)::text AS columns FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = $1::oid",
    [oid],
  );
  const denied: string[] = [];
  for (const privilege of ["SELECT", "INSERT", "UPDATE", "DELETE"]) {
    const [row] = await session.query("SELECT has_table_privilege($1::oid, $2) AS granted", [oid, privilege]);
    if (row?.["granted"] !== true) denied.push(privilege);
  }
  return {
    columns: new Map(
      columns.map(({ name, type, filled, bytes }) => {
        const text = type === "text" && bytes === true ? 'text COLLATE "C"' : String(type);
        return [String(name), typeText(text, filled !== true)];
      }),
    ),
    indexes: indexes.map(({ name, valid, columns: list }) => ({
      name: String(name),
      valid: valid === true,
      columns: JSON.parse(String(list)) as string[],
    })),
    denied,
  };
}
