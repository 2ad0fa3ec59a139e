import type { SqliteDatabase } from "@sessgen/runtime/sqlite-driver";
import type { MigrateRequest } from "../../live/live.js";
import type { OwnSessions } from "../../live/own-sessions.js";
import type { SqlDatabase } from "../sql/database.js";
import {
  LEDGER,
  type LedgerEntry,
  ledgerColumns,
  ledgerEntry,
  ledgerValues,
  olderLedger,
} from "../sql/ledger.js";
import {
  REFILLS,
  type RefillJob,
  type RefillRow,
  type RefillState,
  type RefillUpdate,
  refillStateOf,
} from "../sql/refill.js";
import type { Column, Table } from "../sql/snapshot.js";
import { sqlite as dialect } from "./dialect.js";

/** How many sessions are looked at together. */
const PAGE = 500;

const { quote } = dialect;

/** Gives what the migrations work on. */
export function sqliteDatabase(database: SqliteDatabase): SqlDatabase {
  return new SqliteFile(database);
}

class SqliteFile implements SqlDatabase {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  /** Every migration has a transaction that keeps others out. */
  exclusively<T>(_request: MigrateRequest, work: () => Promise<T>): Promise<T> {
    return work();
  }

  async ledger(): Promise<readonly LedgerEntry[]> {
    if (!this.#exists(LEDGER)) return [];
    if (!this.#columns(LEDGER).has("application")) throw olderLedger();
    const text = `SELECT ${ledgerColumns} FROM ${LEDGER}`;
    return this.#database.prepare(text).all().map(ledgerEntry);
  }

  async prepare(): Promise<void> {
    this.#database.exec(
      `CREATE TABLE IF NOT EXISTS ${LEDGER} (application TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL, down_script TEXT NOT NULL, snapshot TEXT NOT NULL, applied_at TEXT NOT NULL, PRIMARY KEY (application, kind, name))`,
    );
  }

  async apply(entry: LedgerEntry, script: string): Promise<boolean> {
    return this.#transaction(() => {
      if (this.#isNoted(entry)) return false;
      this.#database.exec(script);
      this.#note(entry);
      return true;
    });
  }

  async undo(entry: LedgerEntry, script: string): Promise<void> {
    const { application, kind, name } = entry;
    this.#transaction(() => {
      if (!this.#isNoted(entry)) return;
      this.#database.exec(script);
      this.#database
        .prepare(`DELETE FROM ${LEDGER} WHERE application = ? AND kind = ? AND name = ?`)
        .run(application, kind, name);
      if (!this.#exists(REFILLS)) return;
      const begins = `${name} `;
      this.#database
        .prepare(`DELETE FROM ${REFILLS} WHERE substr(name, 1, ?) = ?`)
        .run(begins.length, begins);
    });
  }

  async note(entry: LedgerEntry): Promise<void> {
    this.#transaction(() => {
      if (!this.#isNoted(entry)) this.#note(entry);
    });
  }

  async refillState(name: string): Promise<RefillState | undefined> {
    if (!this.#exists(REFILLS)) return undefined;
    const row = this.#database.prepare(`SELECT position, state FROM ${REFILLS} WHERE name = ?`).get(name);
    return row && refillStateOf(row);
  }

  async noteRefill(name: string, { position, state }: RefillState): Promise<void> {
    this.#database.exec(
      `CREATE TABLE IF NOT EXISTS ${REFILLS} (name TEXT NOT NULL PRIMARY KEY, position TEXT, state TEXT NOT NULL)`,
    );
    this.#database
      .prepare(`INSERT OR REPLACE INTO ${REFILLS} (name, position, state) VALUES (?, ?, ?)`)
      .run(name, position ?? null, state);
  }

  async hasColumns(table: Table, columns: readonly Column[]): Promise<boolean> {
    const names = this.#columns(table.name);
    return columns.every(({ name }) => names.has(name));
  }

  async page(
    { table, columns }: RefillJob,
    { prefix, end }: OwnSessions,
    after: string | undefined,
  ): Promise<readonly RefillRow[]> {
    const values = columns.map(({ name }, index) => `CAST(${quote(name)} AS TEXT) AS value${index}`);
    const rows = this.#database
      .prepare(
        `SELECT ${["id", "payload", "version", ...values].join(", ")} FROM ${quote(table.name)} WHERE id > ? AND id < ? AND expires_at > ? ORDER BY id LIMIT ${PAGE}`,
      )
      .all(after ?? prefix, end, Date.now());
    return rows.map((row) => ({
      id: row["id"],
      key: String(row["id"]),
      // libsql gives an ArrayBuffer.
      payload:
        row["payload"] instanceof Uint8Array ? row["payload"] : new Uint8Array(row["payload"] as ArrayBuffer),
      version: row["version"],
      values: columns.map((_, index) => (row[`value${index}`] ?? null) as string | null),
      position: String(row["id"]),
    }));
  }

  async count(table: Table, { prefix, end }: OwnSessions, after?: string): Promise<number> {
    const row = this.#database
      .prepare(
        `SELECT count(*) AS count FROM ${quote(table.name)} WHERE id > ? AND id < ? AND expires_at > ?`,
      )
      .get(after ?? prefix, end, Date.now());
    return Number(row?.["count"]);
  }

  async update({ table, columns }: RefillJob, updates: readonly RefillUpdate[]): Promise<void> {
    const set = columns.map(({ name }) => `${quote(name)} = ?`);
    const statement = this.#database.prepare(
      `UPDATE ${quote(table.name)} SET ${set.join(", ")} WHERE id = ? AND version = ?`,
    );
    this.#transaction(() => {
      for (const { row, values } of updates) statement.run(...values, String(row.id), Number(row.version));
    });
  }

  encode(value: string): string {
    return value;
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  #isNoted({ application, kind, name }: LedgerEntry): boolean {
    const text = `SELECT 1 FROM ${LEDGER} WHERE application = ? AND kind = ? AND name = ?`;
    return this.#database.prepare(text).get(application, kind, name) !== undefined;
  }

  #note(entry: LedgerEntry): void {
    this.#database
      .prepare(`INSERT INTO ${LEDGER} (${ledgerColumns}, applied_at) VALUES (?, ?, ?, ?, ?, ?, ?)`)
      .run(...ledgerValues(entry), new Date().toISOString());
  }

  #columns(table: string): ReadonlySet<unknown> {
    const rows = this.#database.prepare("SELECT name FROM pragma_table_info(?)").all(table);
    return new Set(rows.map((row) => row["name"]));
  }

  #exists(table: string): boolean {
    const text = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
    return this.#database.prepare(text).get(table) !== undefined;
  }

  #transaction<T>(work: () => T): T {
    // IMMEDIATE takes the write lock before looking, so that nobody else can do the same in
    // between.
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      try {
        this.#database.exec("ROLLBACK");
      } catch {
        // After a full disk and the like SQLite has rolled back by itself.
      }
      throw error;
    }
  }
}
