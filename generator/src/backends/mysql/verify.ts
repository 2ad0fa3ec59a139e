import type { Drift } from "../../live/live.js";
import { type LiveColumn, type LiveIndex, type LiveTable, quotedNames, typeText } from "../sql/live-table.js";
import type { Table } from "../sql/snapshot.js";
import type { MysqlSession } from "./connection.js";
import { mysql as dialect } from "./dialect.js";

type Rows = Awaited<ReturnType<MysqlSession["query"]>>;

/** Reads the table as it is; nothing when there is none. */
export async function readTable(session: MysqlSession, wanted: Table): Promise<LiveTable | undefined> {
  const { name } = wanted;
  const rows = (text: string): Promise<Rows> => session.query(text, [name]);
  const columns = await rows(
    "SELECT column_name AS name, column_type AS type, is_nullable AS nullable, column_default AS given, extra FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?",
  );
  if (columns.length === 0) return undefined;
  return {
    columns: columnsOf(columns),
    // With all its columns: only MariaDB has "ignored", only MySQL "is_visible".
    indexes: indexesOf(
      await rows(
        "SELECT * FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? ORDER BY index_name, seq_in_index",
      ),
    ),
    denied: await deniedIn(session, wanted),
    further: [
      ...engineDrifts(
        name,
        await rows(
          "SELECT engine AS engine FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?",
        ),
      ),
      ...named(
        "verify/trigger",
        `${name} has the trigger`,
        await rows(
          "SELECT trigger_name AS name FROM information_schema.triggers WHERE event_object_schema = DATABASE() AND event_object_table = ?",
        ),
      ),
      ...named(
        "verify/constraint",
        `${name} has the constraint`,
        constraintsOf(await session.query(`SHOW CREATE TABLE ${dialect.quote(name)}`)),
      ),
    ],
  };
}

function columnsOf(rows: Rows): ReadonlyMap<string, LiveColumn> {
  return new Map(
    rows.map(({ name, type, nullable, given, extra }) => {
      const text = String(type)
        .toUpperCase()
        // MariaDB says how wide it would print a number: bigint(20).
        .replace(/^BIGINT\(\d+\)/, "BIGINT");
      const filledIn = given !== null || /auto_increment|generated/i.test(String(extra));
      return [
        String(name),
        {
          type: typeText({ type: text, nullable: nullable === "YES" }),
          required: nullable === "NO" && !filledIn,
        },
      ];
    }),
  );
}

function indexesOf(rows: Rows): readonly LiveIndex[] {
  const indexes = new Map<string, { columns: string[]; unique: boolean; flaw?: string }>();
  for (const row of rows) {
    // MySQL has the names of these columns in capitals.
    const part = Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value]));
    const name = String(part["index_name"]);
    const index = indexes.get(name) ?? { columns: [], unique: Number(part["non_unique"]) === 0 };
    index.columns.push(String(part["column_name"]));
    const flaw = flawOf(part);
    indexes.set(name, { ...index, ...(flaw !== undefined && { flaw }) });
  }
  return [...indexes].map(([name, index]) => ({ name, ...index }));
}

function flawOf(part: Readonly<Record<string, unknown>>): string | undefined {
  if (part["ignored"] === "YES" || part["is_visible"] === "NO")
    return "is kept up to date and not used: it is ignored, or invisible";
  if (part["sub_part"] !== null) return `goes by the first ${String(part["sub_part"])} bytes alone`;
  const kind = String(part["index_type"]);
  return kind === "BTREE" ? undefined : `is one of the kind ${kind}`;
}

function engineDrifts(name: string, [row]: Rows): Drift[] {
  const engine = String(row?.["engine"]);
  if (engine.toLowerCase() === "innodb") return [];
  const summary = `${name} is kept by ${engine} and not by InnoDB`;
  return [{ id: "verify/table-engine", summary, fix: `ALTER TABLE ${name} ENGINE = InnoDB.` }];
}

/** information_schema shows an application's account none of them; the statement, it may see. */
function constraintsOf([row]: Rows): Rows {
  const lines = String(row?.["Create Table"]).split("\n");
  return lines.flatMap((line) => {
    const [, name] = /^\s*(?:CONSTRAINT )?`((?:[^`]|``)+)`.* (?:CHECK \(|FOREIGN KEY )/.exec(line) ?? [];
    return name === undefined ? [] : [{ name }];
  });
}

function named(id: Drift["id"], summary: string, rows: Rows): Drift[] {
  return rows.length === 0 ? [] : [{ id, summary: `${summary} ${quotedNames(rows)}` }];
}

/**
 * Explaining a statement takes the permissions that it takes itself, roles and all, and changes
 * nothing.
 */
async function deniedIn(session: MysqlSession, { name, columns }: Table): Promise<string[]> {
  const table = dialect.quote(name);
  const list = columns.map((column) => dialect.quote(column.name));
  const others = columns.slice(1).map((column) => dialect.quote(column.name));
  const statements = {
    SELECT: `SELECT ${list.join(", ")} FROM ${table} WHERE id = ''`,
    INSERT: `INSERT INTO ${table} (${list.join(", ")}) VALUES (${columns.map(({ nullable }) => (nullable ? "NULL" : "0")).join(", ")})`,
    UPDATE: `UPDATE ${table} SET ${others.map((column) => `${column} = 0`).join(", ")} WHERE id = ''`,
    DELETE: `DELETE FROM ${table} WHERE id = ''`,
  };
  const denied: string[] = [];
  for (const [privilege, statement] of Object.entries(statements)) {
    try {
      await session.query(`EXPLAIN ${statement}`);
    } catch (error) {
      // What else is wrong (a missing column) is reported as such.
      if (isDenied(error)) denied.push(privilege);
    }
  }
  return denied;
}

/** Finds out whether anything can be written at all. */
export async function serverDrifts(session: MysqlSession): Promise<readonly Drift[]> {
  const rows = await session.query(
    "SHOW VARIABLES WHERE Variable_name IN ('read_only', 'super_read_only', 'tx_read_only', 'transaction_read_only')",
  );
  const on = rows.find((row) => /^(?:ON|1)$/.test(String(row["Value"])));
  if (on === undefined) return [];
  const summary = `The server or the account is read-only: ${String(on["Variable_name"])} is on`;
  return [{ id: "verify/read-only", summary }];
}

/** Tells whether an error says that the account lacks a permission. */
export function isDenied(error: unknown): boolean {
  return /^ER_(?:TABLE|COLUMN|DB)ACCESS_DENIED_ERROR$/.test(String(Reflect.get(Object(error), "code")));
}
