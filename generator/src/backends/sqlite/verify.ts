import type { SqliteDatabase } from "@sessgen/runtime/sqlite-driver";
import type { Drift } from "../../live/live.js";
import { type LiveIndex, type LiveTable, quotedNames, typeText } from "../sql/live-table.js";
import type { Table } from "../sql/snapshot.js";

/** Reads the table as it is; nothing when there is none. */
export function readTable(database: SqliteDatabase, wanted: Table): LiveTable | undefined {
  const { name } = wanted;
  const columns = database
    .prepare('SELECT name, type, "notnull" AS filled, dflt_value AS given FROM pragma_table_info(?)')
    .all(name);
  if (columns.length === 0) return undefined;
  return {
    columns: new Map(
      columns.map((column) => [
        String(column["name"]),
        {
          type: typeText({ type: String(column["type"]), nullable: column["filled"] === 0 }),
          required: column["filled"] !== 0 && column["given"] === null,
        },
      ]),
    ),
    indexes: indexesOf(database, name),
    // Whoever may write the file may do everything.
    denied: [],
    further: [...triggerDrifts(database, name), ...constraintDrifts(database, name)],
  };
}

function indexesOf(database: SqliteDatabase, table: string): readonly LiveIndex[] {
  const rows = database
    .prepare(
      'SELECT l.name, l."unique" AS only, l.partial, m.sql FROM pragma_index_list(?) l LEFT JOIN sqlite_master m ON m.name = l.name',
    )
    .all(table);
  return rows.map((row) => {
    const name = String(row["name"]);
    const columns = database
      .prepare("SELECT name FROM pragma_index_info(?) ORDER BY seqno")
      .all(name)
      .map((part) => String(part["name"] ?? "(expression)"));
    // The only predicate of ours is that the first column is not NULL.
    const predicate = row["partial"] === 0 ? "" : (/\bWHERE\b(.*)$/is.exec(String(row["sql"]))?.[1] ?? "");
    const ours = `${quoted(columns[0] ?? "")} IS NOT NULL`;
    const flawed = predicate !== "" && plain(predicate) !== plain(ours);
    return {
      name,
      columns,
      unique: row["only"] !== 0,
      ...(flawed && { flaw: `holds only sessions with${predicate}` }),
    };
  });
}

function triggerDrifts(database: SqliteDatabase, table: string): Drift[] {
  const rows = database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?")
    .all(table);
  if (rows.length === 0) return [];
  return [{ id: "verify/trigger", summary: `${table} has the trigger ${quotedNames(rows)}` }];
}

/** SQLite tells of a CHECK in the text of the table alone, and of a foreign key by its number. */
function constraintDrifts(database: SqliteDatabase, table: string): Drift[] {
  const [made] = database
    .prepare("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?")
    .all(table);
  const hasCheck = /\bCHECK\s*\(/i.test(withoutTexts(String(made?.["sql"])));
  const references = database.prepare('SELECT "from" AS name FROM pragma_foreign_key_list(?)').all(table);
  const found = [
    ...(hasCheck ? ["a CHECK"] : []),
    ...(references.length > 0 ? [`a foreign key of ${quotedNames(references)}`] : []),
  ];
  if (found.length === 0) return [];
  return [{ id: "verify/constraint", summary: `${table} has ${found.join(" and ")}` }];
}

/** SQL without what is quoted in it, and without comments. */
function withoutTexts(sql: string): string {
  return sql.replace(/'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*.*?\*\//gs, " ");
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** As SQLite keeps it is how somebody wrote it. */
function plain(sql: string): string {
  return sql.replace(/[\s()"`[\]]/g, "").toLowerCase();
}
