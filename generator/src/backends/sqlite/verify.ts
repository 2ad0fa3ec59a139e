import type { SqliteDatabase } from "@sessgen/runtime/sqlite-driver";
import type { Table } from "../sql/snapshot.js";
import { type LiveTable, typeText } from "../sql/verify.js";

/** Reads the table as it is; nothing when there is none. */
export function readTable(database: SqliteDatabase, { name }: Table): LiveTable | undefined {
  const columns = database
    .prepare('SELECT name, type, "notnull" AS filled FROM pragma_table_info(?)')
    .all(name);
  if (columns.length === 0) return undefined;
  const indexes = database.prepare("SELECT name FROM pragma_index_list(?)").all(name);
  return {
    columns: new Map(
      columns.map((column) => [
        String(column["name"]),
        typeText(String(column["type"]), column["filled"] === 0),
      ]),
    ),
    indexes: indexes.map((index) => ({
      name: String(index["name"]),
      columns: database
        .prepare("SELECT name FROM pragma_index_info(?) ORDER BY seqno")
        .all(String(index["name"]))
        .map((part) => String(part["name"])),
      valid: true,
    })),
    // Whoever may write the file may do everything.
    denied: [],
  };
}
