const pageOfIds = "id >= ? AND id < ? ORDER BY id LIMIT ?";

/** The statements of the MySQL store. Whatever must be atomic is one statement. */
export class MysqlStatements {
  readonly read: string;
  readonly touch: string;
  readonly touchVersion: string;
  readonly remove: string;
  readonly removeVersion: string;
  readonly countExpired: string;
  readonly expired: string;
  readonly sweep: string;
  /** Gives a page of an application's sessions. Values as in {@link find}, without the value. */
  readonly list: string;
  readonly #table: string;
  readonly #byIndexes = new Map<string, string>();

  constructor(database: string | undefined, table: string) {
    const name = database === undefined ? quote(table) : `${quote(database)}.${quote(table)}`;
    this.#table = name;
    this.read = `SELECT payload, version, expires_at FROM ${name} WHERE id = ? AND expires_at > ?`;
    this.list = `SELECT id, payload, version, expires_at FROM ${name} WHERE ${pageOfIds}`;
    // The version as the insert id says that a row was found; the count of rows may leave out those
    // that have the value already.
    this.touch = `UPDATE ${name} SET expires_at = ?, version = LAST_INSERT_ID(version) WHERE id = ? AND expires_at > ?`;
    // Values: the version expected, then as for any. The insert id tells which version it was.
    this.touchVersion = `UPDATE ${name} SET expires_at = IF(version = ?, ?, expires_at), version = LAST_INSERT_ID(version) WHERE id = ? AND expires_at > ?`;
    this.remove = `DELETE FROM ${name} WHERE id = ? AND expires_at > ?`;
    this.removeVersion = `${this.remove} AND version = ?`;
    // Values: the current time, how long an application's prefix is, the prefix; then from what
    // expiry on, and how many.
    const isExpired = "expires_at <= ? AND LEFT(id, ?) = ?";
    this.countExpired = `SELECT COUNT(*) FROM ${name} WHERE ${isExpired}`;
    this.expired = `SELECT id, expires_at FROM ${name} WHERE ${isExpired} AND expires_at >= ? ORDER BY expires_at LIMIT ?`;
    // Values: the current time, how long an application's prefix is, the prefix, how many. In the
    // order of the index, so that only what is deleted is locked.
    this.sweep = `DELETE FROM ${name} WHERE expires_at <= ? AND LEFT(id, ?) = ? ORDER BY expires_at LIMIT ?`;
  }

  /** Creates or replaces. Values: id, payload, version, expires_at, indexes. */
  put(indexes: readonly string[]): string {
    return this.#cached("put", indexes, () => this.#insert(indexes, (name) => `${name} = VALUES(${name})`));
  }

  /**
   * Creates where there is nothing, or only something expired; refused, the insert id is the
   * version that is there. Values as in {@link put}, then the current time once for each but the
   * id.
   *
   * The count of rows does not tell a creation from a refusal: with the protocol's
   * CLIENT_FOUND_ROWS, as mysql2 has it, both are 1. Assignments are made from left to right, so
   * `expires_at`, by which all decide, comes last. `VALUES()` is what both servers understand:
   * MariaDB has no row alias, MySQL calls the function deprecated.
   */
  create(indexes: readonly string[]): string {
    return this.#cached("create", indexes, () =>
      this.#insert(indexes, (name) => {
        const kept = name === "version" ? "LAST_INSERT_ID(version)" : name;
        return `${name} = IF(expires_at <= ?, VALUES(${name}), ${kept})`;
      }),
    );
  }

  /**
   * Replaces one version. Values: payload, version, indexes, expires_at, then the id, the current
   * time and the version expected.
   */
  update(indexes: readonly string[]): string {
    return this.#cached("update", indexes, () => {
      const set = columns(indexes).map((name) => `${name} = ?`);
      return `UPDATE ${this.#table} SET ${set.join(", ")} WHERE id = ? AND expires_at > ? AND version = ?`;
    });
  }

  /**
   * Gives a page of the sessions of a value, expired ones, too, in the order of their ids. Values:
   * the value, the first id, the one to end before, how many. A range of ids, which the index of
   * the value has in order: left to themselves, both servers go through another one now and then,
   * or through the value's from its first id on for each page.
   */
  find(index: string): string {
    return this.#page("payload, version", index);
  }

  /** Gives the first bytes of the payloads, as many as given, of a page as in {@link find}. */
  findBeginnings(index: string, bytes: number): string {
    return this.#page(`LEFT(payload, ${bytes})`, index);
  }

  /** Gives a statement that finds the same where the index is not there, or ignored. */
  withoutIndex(text: string): string {
    return text.replace(/ FORCE INDEX \(`(?:[^`]|``)+`\)/, "");
  }

  #page(columns: string, index: string): string {
    const name = column(index);
    return `SELECT id, ${columns}, expires_at FROM ${this.#table} FORCE INDEX (${name}) WHERE ${name} = ? AND ${pageOfIds}`;
  }

  /**
   * Deletes those of some sessions that have expired: by their ids, so that nothing is locked that
   * stays. Values: the current time, the ids.
   */
  sweepThese(count: number): string {
    return `DELETE FROM ${this.#table} WHERE expires_at <= ? AND id IN (${listOf(count, "?")})`;
  }

  /**
   * Removes some states. Values: the current time, the ids, then the id and the version of each.
   * The ids alone are what MariaDB finds rows by.
   */
  removeMany(count: number): string {
    return `DELETE FROM ${this.#table} WHERE expires_at > ? AND id IN (${listOf(count, "?")}) AND (id, version) IN (${listOf(count, "(?, ?)")})`;
  }

  /** Gives the ids, of some, under which there is a session. Values: the current time, the ids. */
  there(count: number): string {
    return `SELECT id FROM ${this.#table} WHERE expires_at > ? AND id IN (${listOf(count, "?")})`;
  }

  #insert(indexes: readonly string[], replace: (name: string) => string): string {
    const names = columns(indexes);
    const values = ["?", ...names.map(() => "?")].join(", ");
    return `INSERT INTO ${this.#table} (id, ${names.join(", ")}) VALUES (${values}) ON DUPLICATE KEY UPDATE ${names.map(replace).join(", ")}`;
  }

  /** The texts are few: the indexes of a session are always the same. */
  #cached(name: string, indexes: readonly string[], make: () => string): string {
    const key = [name, ...indexes].join(" ");
    const text = this.#byIndexes.get(key) ?? make();
    this.#byIndexes.set(key, text);
    return text;
  }
}

function listOf(count: number, what: string): string {
  return Array.from({ length: count }, () => what).join(", ");
}

/** All columns of a row but the id, in the order of their values. */
function columns(indexes: readonly string[]): readonly string[] {
  return ["payload", "version", ...indexes.map(column), "expires_at"];
}

function column(index: string): string {
  return quote(`by_${index}`);
}

function quote(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
