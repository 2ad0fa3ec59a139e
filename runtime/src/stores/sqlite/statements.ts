import type { SqliteDatabase, SqliteStatement } from "./driver.js";

/** The statements of the SQLite store, prepared. Whatever must be atomic is one statement. */
export class SqliteStatements {
  readonly read: SqliteStatement;
  readonly touch: SqliteStatement;
  readonly touchVersion: SqliteStatement;
  readonly remove: SqliteStatement;
  readonly removeVersion: SqliteStatement;
  readonly countExpired: SqliteStatement;
  readonly sweep: SqliteStatement;
  readonly #database: SqliteDatabase;
  readonly #table: string;
  readonly #byIndexes = new Map<string, SqliteStatement>();

  /** Throws what the driver throws when the table is missing or of another shape. */
  constructor(database: SqliteDatabase, tableName: string) {
    const table = quote(tableName);
    this.#database = database;
    this.#table = table;
    this.read = database.prepare(
      `SELECT payload, version, expires_at FROM ${table} WHERE id = ? AND expires_at > ?`,
    );
    this.touch = database.prepare(`UPDATE ${table} SET expires_at = ? WHERE id = ? AND expires_at > ?`);
    this.touchVersion = database.prepare(
      `UPDATE ${table} SET expires_at = ? WHERE id = ? AND expires_at > ? AND version = ?`,
    );
    this.remove = database.prepare(`DELETE FROM ${table} WHERE id = ? AND expires_at > ?`);
    this.removeVersion = database.prepare(
      `DELETE FROM ${table} WHERE id = ? AND expires_at > ? AND version = ?`,
    );
    // Values: the current time, how long an application's prefix is, the prefix.
    this.countExpired = database.prepare(
      `SELECT count(*) AS total FROM ${table} WHERE expires_at <= ? AND substr(id, 1, ?) = ?`,
    );
    // Values: as before, then how many.
    this.sweep = database.prepare(
      `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE expires_at <= ? AND substr(id, 1, ?) = ? ORDER BY expires_at LIMIT ?)`,
    );
  }

  /** Creates or replaces. Values: payload, version, expires_at, indexes, id. */
  put(indexes: readonly string[]): SqliteStatement {
    return this.#cached("put", indexes, () => this.#insert(indexes));
  }

  /**
   * Creates where there is nothing, or only something expired. Values as in {@link put}, then the
   * current time.
   */
  create(indexes: readonly string[]): SqliteStatement {
    return this.#cached(
      "create",
      indexes,
      () => `${this.#insert(indexes)} WHERE ${this.#table}.expires_at <= ?`,
    );
  }

  /**
   * Replaces one version. Values as in {@link put}, then the current time and the version expected.
   */
  update(indexes: readonly string[]): SqliteStatement {
    return this.#cached("update", indexes, () => {
      const set = columnsOf(indexes).map((name) => `${name} = ${placeholder(name)}`);
      return `UPDATE ${this.#table} SET ${set.join(", ")} WHERE id = ? AND expires_at > ? AND version = ?`;
    });
  }

  /**
   * Gives a page of the sessions of a value. Values: the value, the current time, the id to begin
   * after, the one to end before, how many. A range of ids, which the index of the value has in
   * order.
   */
  find(index: string): SqliteStatement {
    return this.#cached("find", [index], () => this.#page("payload, version, expires_at", index));
  }

  /**
   * Gives the first bytes of the payloads, as many as given, of a page as in {@link find}, in one
   * row: each of its own would take longer to hand over than to find. The ids, a line each, the
   * beginnings as hexadecimal digits, in the same order, the last id and how many there are.
   */
  findBeginnings(index: string, bytes: number): SqliteStatement {
    const beginning = `hex(substr(payload, 1, ${bytes})) AS beginning`;
    const all = "group_concat(id, char(10)) AS ids, group_concat(beginning) AS beginnings";
    // No key of a session has more than a line.
    const isLine = "instr(id, char(10)) = 0";
    return this.#cached(
      beginning,
      [index],
      () =>
        `SELECT ${all}, max(id) AS last, count(*) AS total FROM (${this.#page(beginning, index, isLine)})`,
    );
  }

  /** Gives a page of an application's sessions. Values as in {@link find}, without the value. */
  list(): SqliteStatement {
    return this.#cached("list", [], () => this.#page("payload, version, expires_at"));
  }

  #page(columns: string, index?: string, also = "true"): string {
    const condition = index === undefined ? "" : `${column(index)} = ? AND `;
    return `SELECT id, ${columns} FROM ${this.#table} WHERE ${condition}expires_at > ? AND id > ? AND id < ? AND ${also} ORDER BY id LIMIT ?`;
  }

  #insert(indexes: readonly string[]): string {
    const columns = columnsOf(indexes);
    const set = columns.map((name) => `${name} = excluded.${name}`);
    return `INSERT INTO ${this.#table} (${columns.join(", ")}, id) VALUES (${columns.map(placeholder).join(", ")}, ?) ON CONFLICT (id) DO UPDATE SET ${set.join(", ")}`;
  }

  /** The statements are few: the indexes of a session are always the same. */
  #cached(name: string, indexes: readonly string[], text: () => string): SqliteStatement {
    const key = [name, ...indexes].join(" ");
    const statement = this.#byIndexes.get(key) ?? this.#database.prepare(text());
    this.#byIndexes.set(key, statement);
    return statement;
  }
}

function columnsOf(indexes: readonly string[]): string[] {
  return ["payload", "version", "expires_at", ...indexes.map(column)];
}

/** Node 22 binds bytes of no length as NULL, and empty text becomes empty bytes by the cast. */
function placeholder(name: string): string {
  return name === "payload" ? "CAST(? AS BLOB)" : "?";
}

function column(index: string): string {
  return quote(`by_${index}`);
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
