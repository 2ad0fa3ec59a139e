import { createHash } from "node:crypto";
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
import { retried } from "../sql/retried.js";
import type { Column, Table } from "../sql/snapshot.js";
import { splitStatements } from "../sql/statements.js";
import type { MysqlSession } from "./connection.js";
import { mysql as dialect } from "./dialect.js";

/** How many sessions are looked at together. */
const PAGE = 200;
/** The store keeps as much of a value, in bytes. */
const VALUE = 255;
/** Somebody holds the table, or a row. */
const locked = ["ER_LOCK_WAIT_TIMEOUT", "ER_LOCK_DEADLOCK"];
/** What a statement says that was done before, when the connection broke and nobody noted it. */
const done = [
  "ER_TABLE_EXISTS_ERROR",
  "ER_DUP_FIELDNAME",
  "ER_DUP_KEYNAME",
  "ER_CANT_DROP_FIELD_OR_KEY",
  "ER_BAD_TABLE_ERROR",
];

const { quote } = dialect;

/** Gives what the migrations work on. */
export function mysqlDatabase(session: MysqlSession): SqlDatabase {
  return new MysqlDatabase(session);
}

class MysqlDatabase implements SqlDatabase {
  readonly #session: MysqlSession;

  constructor(session: MysqlSession) {
    this.#session = session;
  }

  async exclusively<T>(request: MigrateRequest, work: () => Promise<T>): Promise<T> {
    // Names of locks are the server's, and have at most 64 characters.
    const [chosen] = await this.#session.query("SELECT DATABASE() AS name");
    const hash = createHash("sha1").update(String(chosen?.["name"])).digest("hex");
    for (let told = false; ; told = true) {
      const [row] = await this.#session.query("SELECT GET_LOCK(?, 1) AS got", [`${LEDGER} ${hash}`]);
      if (Number(row?.["got"]) === 1) break;
      if (!told) request.progress("Another sessgen migrate is at work; waiting for it");
    }
    // The least there is: who waits for a lock makes all others wait that come later.
    await this.#session.query("SET SESSION lock_wait_timeout = 1");
    // Released when the connection closes, even if that breaks.
    return work();
  }

  async ledger(): Promise<readonly LedgerEntry[]> {
    if (!(await this.#exists(LEDGER))) return [];
    if (!(await this.#columns(LEDGER)).has("application")) throw olderLedger();
    const rows = await this.#session.query(
      `SELECT ${ledgerColumns} FROM ${LEDGER} WHERE applied_at IS NOT NULL`,
    );
    return rows.map(ledgerEntry);
  }

  async prepare(): Promise<void> {
    await this.#session.query(
      `CREATE TABLE IF NOT EXISTS ${LEDGER} (application VARCHAR(100) NOT NULL, kind VARCHAR(100) NOT NULL, name VARCHAR(100) NOT NULL, checksum VARCHAR(200) NOT NULL, down_script MEDIUMTEXT NOT NULL, snapshot MEDIUMTEXT NOT NULL, applied_at DATETIME NULL, PRIMARY KEY (application, kind, name)) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ENGINE = InnoDB`,
    );
  }

  async apply(entry: LedgerEntry, script: string, request: MigrateRequest): Promise<boolean> {
    await this.#run(entry, script, request);
    await this.note(entry);
    return true;
  }

  async undo(entry: LedgerEntry, script: string, request: MigrateRequest): Promise<void> {
    await this.#run(entry, script, request);
    await this.#forget(entry);
    if (await this.#exists(REFILLS)) {
      const begins = `${entry.name} `;
      await this.#session.query(`DELETE FROM ${REFILLS} WHERE LEFT(name, ?) = ?`, [begins.length, begins]);
    }
  }

  async note(entry: LedgerEntry): Promise<void> {
    await this.#enter(entry, "UTC_TIMESTAMP()");
  }

  async refillState(name: string): Promise<RefillState | undefined> {
    if (!(await this.#exists(REFILLS))) return undefined;
    const [row] = await this.#session.query(`SELECT position, state FROM ${REFILLS} WHERE name = ?`, [name]);
    return row && refillStateOf(row);
  }

  async noteRefill(name: string, { position, state }: RefillState): Promise<void> {
    await this.#session.query(
      `CREATE TABLE IF NOT EXISTS ${REFILLS} (name VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY, position TEXT NULL, state VARCHAR(10) NOT NULL) ENGINE = InnoDB`,
    );
    await this.#session.query(`REPLACE INTO ${REFILLS} (name, position, state) VALUES (?, ?, ?)`, [
      name,
      position ?? null,
      state,
    ]);
  }

  async hasColumns(table: Table, columns: readonly Column[]): Promise<boolean> {
    const names = await this.#columns(table.name);
    return columns.every(({ name }) => names.has(name));
  }

  async page(
    { table, columns }: RefillJob,
    { prefix, end }: OwnSessions,
    after: string | undefined,
  ): Promise<readonly RefillRow[]> {
    const values = columns.map(({ name }, index) => `${quote(name)} AS value${index}`);
    const rows = await this.#session.query(
      `SELECT ${["id", "payload", "CAST(version AS CHAR) AS version", ...values].join(", ")} FROM ${quote(table.name)} WHERE id > ? AND id < ? AND expires_at > ? ORDER BY id LIMIT ${PAGE}`,
      [behind(after, prefix), Buffer.from(end), Date.now()],
    );
    return rows.map((row) => ({
      id: row["id"],
      key: (row["id"] as Buffer).toString(),
      payload: row["payload"] as Uint8Array,
      version: row["version"],
      values: columns.map((_, index) => textOf(row[`value${index}`])),
      position: (row["id"] as Buffer).toString("hex"),
    }));
  }

  async count(table: Table, { prefix, end }: OwnSessions, after?: string): Promise<number> {
    const [row] = await this.#session.query(
      `SELECT count(*) AS count FROM ${quote(table.name)} WHERE id > ? AND id < ? AND expires_at > ?`,
      [behind(after, prefix), Buffer.from(end), Date.now()],
    );
    return Number(row?.["count"]);
  }

  async update({ table, columns }: RefillJob, updates: readonly RefillUpdate[]): Promise<void> {
    const values: (Buffer | string | null)[] = [];
    const set = columns.map(({ name }, index) => {
      const cases = updates.map(({ row, values: wanted }) => {
        const value = wanted[index] ?? null;
        values.push(row.id as Buffer, value === null ? null : Buffer.from(value, "latin1"));
        return "WHEN ? THEN ?";
      });
      return `${quote(name)} = CASE id ${cases.join(" ")} END`;
    });
    const same = updates.map(({ row }) => {
      values.push(row.id as Buffer, String(row.version));
      return "(?, ?)";
    });
    const ids = updates.map(({ row }) => row.id as Buffer);
    // By the ids alone MariaDB finds the rows: for pairs it would go through the whole table.
    const text = `UPDATE ${quote(table.name)} SET ${set.join(", ")} WHERE (id, version) IN (${same.join(", ")}) AND id IN (${ids.map(() => "?").join(", ")})`;
    await retried(locked, () => this.#session.query(text, [...values, ...ids]));
  }

  /**
   * The first bytes, one character for each: the column holds no more, and cuts through characters.
   */
  encode(value: string): string {
    return Buffer.from(value).subarray(0, VALUE).toString("latin1");
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async #run(entry: LedgerEntry, script: string, { progress }: MigrateRequest): Promise<void> {
    const { application, kind, name } = entry;
    const [begun] = await this.#session.query(
      `SELECT 1 AS begun FROM ${LEDGER} WHERE application = ? AND kind = ? AND name = ? AND applied_at IS NULL`,
      [application, kind, name],
    );
    // The server keeps what a statement did, even if nobody is left to note it: the next run has to
    // know that it was begun.
    await this.#enter(entry, "NULL");
    const wait = (): void => progress(`${name}: the table is in use; trying again`);
    let changed = begun !== undefined;
    for (const statement of splitStatements(script)) {
      try {
        await retried(locked, () => this.#session.query(statement), wait);
      } catch (error) {
        if (begun !== undefined && done.includes(codeOf(error))) continue;
        // The server's own refusal, and not a connection that broke: nothing was begun.
        if (!changed && Reflect.has(Object(error), "sqlState")) await this.#forget(entry);
        throw error;
      }
      changed = true;
    }
  }

  async #enter(entry: LedgerEntry, at: "NULL" | "UTC_TIMESTAMP()"): Promise<void> {
    await this.#session.query(
      `REPLACE INTO ${LEDGER} (${ledgerColumns}, applied_at) VALUES (?, ?, ?, ?, ?, ?, ${at})`,
      ledgerValues(entry),
    );
  }

  async #forget({ application, kind, name }: LedgerEntry): Promise<void> {
    await this.#session.query(`DELETE FROM ${LEDGER} WHERE application = ? AND kind = ? AND name = ?`, [
      application,
      kind,
      name,
    ]);
  }

  async #columns(table: string): Promise<ReadonlySet<unknown>> {
    const rows = await this.#session.query(
      "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?",
      [table],
    );
    return new Set(rows.map((row) => row["name"]));
  }

  async #exists(table: string): Promise<boolean> {
    // information_schema has only what the account may use: that it may not is an error here.
    try {
      await this.#session.query(`SELECT 1 FROM ${table} LIMIT 0`);
      return true;
    } catch (error) {
      if (codeOf(error) === "ER_NO_SUCH_TABLE") return false;
      throw error;
    }
  }
}

/** The id to begin behind. */
function behind(after: string | undefined, prefix: string): Buffer {
  return after === undefined ? Buffer.from(prefix) : Buffer.from(after, "hex");
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return Buffer.isBuffer(value) ? value.toString("latin1") : String(value);
}

function codeOf(error: unknown): string {
  return String(Reflect.get(Object(error), "code"));
}
