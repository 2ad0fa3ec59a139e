import { setTimeout as sleep } from "node:timers/promises";
import type { MigrateRequest } from "../../live/live.js";
import type { OwnSessions } from "../../live/own-sessions.js";
import type { SqlDatabase } from "../sql/database.js";
import type { Migration } from "../sql/history.js";
import {
  LEDGER,
  type LedgerEntry,
  ledgerColumns,
  ledgerEntry,
  ledgerValues,
  olderLedger,
  says,
} from "../sql/ledger.js";
import {
  REFILLS,
  type RefillJob,
  type RefillRow,
  type RefillState,
  type RefillUpdate,
  refillStateOf,
} from "../sql/refill.js";
import { retried } from "../sql/retried.js";
import type { Column, Table } from "../sql/snapshot.js";
import { splitStatements } from "../sql/statements.js";
import { type PostgresSession, postgresPath } from "./connection.js";
import { postgres as dialect } from "./dialect.js";

/** How many sessions are looked at together. */
const PAGE = 500;

const { quote } = dialect;

/** Gives what the migrations work on. */
export function postgresDatabase(session: PostgresSession, migrations: readonly Migration[]): SqlDatabase {
  // Where the first table is: every environment finds it there, whatever schema it has itself.
  const schema = migrations[0]?.snapshot.tables[0]?.schema;
  return new PostgresDatabase(session, schema);
}

class PostgresDatabase implements SqlDatabase {
  readonly #session: PostgresSession;
  readonly #schema: string | undefined;

  constructor(session: PostgresSession, schema: string | undefined) {
    this.#session = session;
    this.#schema = schema;
  }

  async exclusively<T>(request: MigrateRequest, work: () => Promise<T>): Promise<T> {
    const key = ["hashtext(current_database())", `hashtext('${LEDGER}')`].join(", ");
    // Not the lock that waits: who waits holds a snapshot, for whose end CREATE INDEX CONCURRENTLY
    // would wait in turn.
    for (let told = false; ; told = true) {
      const [row] = await this.#session.query(`SELECT pg_try_advisory_lock(${key}) AS got`);
      if (row?.["got"] === true) break;
      if (!told) request.progress("Another sessgen migrate is at work; waiting for it");
      await sleep(200);
    }
    // Released when the connection closes, even if that breaks.
    return work();
  }

  async ledger(): Promise<readonly LedgerEntry[]> {
    if (!(await this.#exists(LEDGER))) return [];
    if (!(await this.hasColumns(this.#table(LEDGER), [{ name: "application", type: "text" }])))
      throw olderLedger();
    const rows = await this.#session.query(`SELECT ${ledgerColumns} FROM ${this.#path(LEDGER)}`);
    return rows.map(ledgerEntry);
  }

  async prepare(): Promise<void> {
    if (await this.#exists(LEDGER)) return;
    await this.#makeSchema();
    await this.#session.query(
      `CREATE TABLE ${this.#path(LEDGER)} (application text NOT NULL, kind text NOT NULL, name text NOT NULL, checksum text NOT NULL, down_script text NOT NULL, snapshot text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (application, kind, name))`,
    );
  }

  async apply(entry: LedgerEntry, script: string, request: MigrateRequest): Promise<boolean> {
    if (says(script, "no transaction"))
      request.progress(`${entry.name}: beside traffic, which may take a while`);
    await this.#run(entry, script, request, () => this.note(entry));
    return true;
  }

  async undo(entry: LedgerEntry, script: string, request: MigrateRequest): Promise<void> {
    const { application, kind, name } = entry;
    await this.#run(entry, script, request, async () => {
      await this.#session.query(
        `DELETE FROM ${this.#path(LEDGER)} WHERE application = $1 AND kind = $2 AND name = $3`,
        [application, kind, name],
      );
      if (await this.#exists(REFILLS))
        await this.#session.query(`DELETE FROM ${this.#path(REFILLS)} WHERE starts_with(name, $1)`, [
          `${name} `,
        ]);
    });
  }

  async note(entry: LedgerEntry): Promise<void> {
    await this.#session.query(
      `INSERT INTO ${this.#path(LEDGER)} (${ledgerColumns}) VALUES ($1, $2, $3, $4, $5, $6)`,
      ledgerValues(entry),
    );
  }

  async refillState(name: string): Promise<RefillState | undefined> {
    if (!(await this.#exists(REFILLS))) return undefined;
    const text = `SELECT position, state FROM ${this.#path(REFILLS)} WHERE name = $1`;
    const [row] = await this.#session.query(text, [name]);
    return row && refillStateOf(row);
  }

  async noteRefill(name: string, { position, state }: RefillState): Promise<void> {
    await this.#session.query(
      `CREATE TABLE IF NOT EXISTS ${this.#path(REFILLS)} (name text PRIMARY KEY, position text, state text NOT NULL)`,
    );
    await this.#session.query(
      `INSERT INTO ${this.#path(REFILLS)} (name, position, state) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET position = excluded.position, state = excluded.state`,
      [name, position ?? null, state],
    );
  }

  async hasColumns(table: Table, columns: readonly Column[]): Promise<boolean> {
    const rows = await this.#session.query(
      "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
      [postgresPath(table)],
    );
    const names = new Set(rows.map((row) => row["attname"]));
    return columns.every(({ name }) => names.has(name));
  }

  async page(
    { table, columns }: RefillJob,
    { prefix, end }: OwnSessions,
    after: string | undefined,
  ): Promise<readonly RefillRow[]> {
    const values = columns.map(({ name }, index) => `${quote(name)}::text AS "value ${index}"`);
    const rows = await this.#session.query(
      `SELECT ${["id", "payload", "version::text AS version", ...values].join(", ")} FROM ${postgresPath(table)} WHERE id > $1 AND id < $2 AND expires_at > $3 ORDER BY id LIMIT ${PAGE}`,
      [after ?? prefix, end, Date.now()],
    );
    return rows.map((row) => ({
      id: row["id"],
      key: String(row["id"]),
      payload: row["payload"] as Uint8Array,
      version: row["version"],
      values: columns.map((_, index) => (row[`value ${index}`] ?? null) as string | null),
      position: String(row["id"]),
    }));
  }

  async count(table: Table, { prefix, end }: OwnSessions, after?: string): Promise<number> {
    const [row] = await this.#session.query(
      `SELECT count(*) AS count FROM ${postgresPath(table)} WHERE id > $1 AND id < $2 AND expires_at > $3`,
      [after ?? prefix, end, Date.now()],
    );
    return Number(row?.["count"]);
  }

  async update({ table, columns }: RefillJob, updates: readonly RefillUpdate[]): Promise<void> {
    const rows = updates.map(({ row, values }) => ({
      id: row.id,
      version: row.version,
      ...Object.fromEntries(values.map((value, index) => [`value${index}`, value])),
    }));
    const set = columns.map(({ name, type }, index) => `${quote(name)} = new.value${index}::${type}`);
    const types = columns.map((_, index) => `value${index} text`);
    const text = `UPDATE ${postgresPath(table)} AS old SET ${set.join(", ")} FROM json_to_recordset($1::text::json) AS new (id text, version bigint, ${types.join(", ")}) WHERE old.id = new.id COLLATE "C" AND old.version = new.version`;
    await retried(["40P01", "40001", "55P03"], () => this.#session.query(text, [JSON.stringify(rows)]));
  }

  encode(value: string): string {
    // As the store does: no NUL in PostgreSQL's text. And as the wire does: no half of a surrogate
    // pair.
    const text = /[\\\0]/.test(value) ? value.replaceAll("\\", "\\\\").replaceAll("\0", "\\0") : value;
    return Buffer.from(text).toString();
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async #run(
    entry: LedgerEntry,
    script: string,
    { progress }: MigrateRequest,
    note: () => Promise<void>,
  ): Promise<void> {
    if (says(script, "no transaction")) {
      await this.#dropInvalid(entry);
      await this.#session.query("SET lock_timeout = 0; SET statement_timeout = 0");
      for (const statement of splitStatements(script)) await this.#session.query(statement);
      await note();
      return;
    }
    const attempt = async (): Promise<void> => {
      await this.#session.query("BEGIN");
      try {
        if (script !== "") await this.#session.query(script);
        await note();
        await this.#session.query("COMMIT");
      } catch (error) {
        await this.#session.query("ROLLBACK").catch(() => undefined);
        throw error;
      }
    };
    const wait = (): void => progress(`${entry.name}: the table is in use; trying again`);
    await retried(["55P03", "40P01"], attempt, wait);
  }

  /** What an interrupted CREATE INDEX CONCURRENTLY has left: it would be taken for the index. */
  async #dropInvalid({ snapshot }: LedgerEntry): Promise<void> {
    for (const table of snapshot.tables) {
      const rows = await this.#session.query(
        "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS path, c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE i.indrelid = to_regclass($1) AND NOT i.indisvalid",
        [postgresPath(table)],
      );
      for (const { path, name } of rows) {
        if (!table.indexes.some((index) => index.name === name)) continue;
        await this.#session.query(`DROP INDEX CONCURRENTLY IF EXISTS ${String(path)}`);
      }
    }
  }

  async #makeSchema(): Promise<void> {
    if (this.#schema === undefined) return;
    const [found] = await this.#session.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", [
      this.#schema,
    ]);
    if (found === undefined) await this.#session.query(`CREATE SCHEMA ${quote(this.#schema)}`);
  }

  async #exists(table: string): Promise<boolean> {
    const [row] = await this.#session.query("SELECT to_regclass($1) IS NOT NULL AS found", [
      this.#path(table),
    ]);
    return row?.["found"] === true;
  }

  #path(table: string): string {
    return postgresPath(this.#table(table));
  }

  #table(name: string): Table {
    return { name, ...(this.#schema !== undefined && { schema: this.#schema }), columns: [], indexes: [] };
  }
}
