/**
 * The milliseconds that the table's `expires_bucket` takes for one; the migration has them, too.
 * The index that expired sessions are found by is one of buckets: one of `expires_at` itself would
 * have to be changed with every request.
 */
const BUCKET = 600_000;

/** The statements of the PostgreSQL store. Whatever must be atomic is one statement. */
export class PostgresStatements {
  readonly read: string;
  readonly touch: string;
  readonly touchVersion: string;
  readonly remove: string;
  readonly removeVersion: string;
  readonly removeMany: string;
  readonly expired: string;
  readonly countExpired: string;
  readonly sweep: string;
  readonly sweepThese: string;
  /** As `sweep`, without the bucket of the present. */
  readonly sweepPast: string;
  /** Gives a page of an application's sessions. Values as in {@link find}, without the value. */
  readonly list: string;
  readonly #table: string;
  readonly #byIndexes = new Map<string, string>();

  constructor(schema: string | undefined, table: string) {
    const name = schema === undefined ? quote(table) : `${quote(schema)}.${quote(table)}`;
    this.#table = name;
    this.read = `SELECT payload, version, expires_at FROM ${name} WHERE id = $1 AND expires_at > $2`;
    this.list = this.#page("payload, version, expires_at");
    this.touch = `UPDATE ${name} SET expires_at = $2 WHERE id = $1 AND expires_at > $3`;
    this.touchVersion = `${this.touch} AND version = $4`;
    this.remove = `DELETE FROM ${name} WHERE id = $1 AND expires_at > $2`;
    this.removeVersion = `${this.remove} AND version = $3`;
    // Values: the current time, an array of ids and versions. Gives the ids of those removed.
    this.removeMany = `DELETE FROM ${name} AS old USING json_to_recordset($2::text::json) AS one (id text, version bigint) WHERE old.id = one.id COLLATE "C" AND old.version = one.version AND old.expires_at > $1 RETURNING old.id`;
    const expired = (compare: string, length: string, prefix: string): string =>
      `expires_bucket ${compare} $1::bigint / ${BUCKET} AND expires_at <= $1 AND left(id, ${length}) = ${prefix}`;
    // Values: the current time, how long an application's prefix is, the prefix; then from what
    // bucket on, and how many.
    this.countExpired = `SELECT count(*) AS total FROM ${name} WHERE ${expired("<=", "$2", "$3")}`;
    this.expired = `SELECT id, expires_bucket FROM ${name} WHERE ${expired("<=", "$2", "$3")} AND expires_bucket >= $4 ORDER BY expires_bucket LIMIT $5`;
    // Values: the current time, an array of ids. One that was begun anew since is left alone, and
    // what another sweep is about to delete is left to it.
    this.sweepThese = `DELETE FROM ${name} WHERE id IN (SELECT id FROM ${name} WHERE id IN (SELECT json_array_elements_text($2::text::json) COLLATE "C") AND expires_at <= $1 FOR UPDATE SKIP LOCKED)`;
    // Values: the current time, how many, how long an application's prefix is, the prefix.
    const sweep = (compare: string): string =>
      `DELETE FROM ${name} WHERE id IN (SELECT id FROM ${name} WHERE ${expired(compare, "$3", "$4")} ORDER BY expires_bucket LIMIT $2 FOR UPDATE SKIP LOCKED)`;
    this.sweep = sweep("<=");
    this.sweepPast = sweep("<");
  }

  /** Creates or replaces. Values: id, payload, version, expires_at, indexes. */
  put(indexes: readonly string[]): string {
    return this.#cached("put", indexes, () => this.#insert(indexes));
  }

  /**
   * Creates where there is nothing, or only something expired. Values as in {@link put}, then the
   * current time.
   */
  create(indexes: readonly string[]): string {
    return this.#cached(
      "create",
      indexes,
      () => `${this.#insert(indexes)} WHERE ${this.#table}.expires_at <= $${5 + indexes.length}`,
    );
  }

  /**
   * Replaces one version. Values as in {@link put}, then the current time and the version expected.
   */
  update(indexes: readonly string[]): string {
    return this.#cached("update", indexes, () => {
      const next = 5 + indexes.length;
      const set = ["payload", "version", "expires_at", ...indexes.map(column)]
        .map((name, position) => `${name} = $${position + 2}`)
        .join(", ");
      return `UPDATE ${this.#table} SET ${set} WHERE id = $1 AND expires_at > $${next} AND version = $${next + 1}`;
    });
  }

  /**
   * Gives a page of the sessions of a value. Values: the value, the current time, the id to begin
   * after, the one to end before, how many. A range of ids, which the index of the value has in
   * order: from what the planner knows of `left(id, …)` it would read and sort all of them for each
   * page.
   */
  find(index: string): string {
    return this.#page("payload, version, expires_at", index);
  }

  /** Gives the first bytes of the payloads, as many as given, of a page as in {@link find}. */
  findBeginnings(index: string, bytes: number): string {
    return this.#page(`substring(payload, 1, ${bytes}) AS beginning`, index);
  }

  #page(columns: string, index?: string): string {
    const [condition, given] = index === undefined ? ["", 0] : [`${column(index)} = $1 AND `, 1];
    const [now, after, end, count] = [1, 2, 3, 4].map((position) => `$${given + position}`);
    return `SELECT id, ${columns} FROM ${this.#table} WHERE ${condition}expires_at > ${now} AND id > ${after} AND id < ${end} ORDER BY id LIMIT ${count}`;
  }

  #insert(indexes: readonly string[]): string {
    const columns = ["id", "payload", "version", "expires_at", ...indexes.map(column)];
    const values = columns.map((_, position) => `$${position + 1}`).join(", ");
    const set = columns.slice(1).map((name) => `${name} = excluded.${name}`);
    return `INSERT INTO ${this.#table} (${columns.join(", ")}) VALUES (${values}) ON CONFLICT (id) DO UPDATE SET ${set.join(", ")}`;
  }

  /** The texts are few: the indexes of a session are always the same. */
  #cached(name: string, indexes: readonly string[], make: () => string): string {
    const key = [name, ...indexes].join(" ");
    const text = this.#byIndexes.get(key) ?? make();
    this.#byIndexes.set(key, text);
    return text;
  }
}

function column(index: string): string {
  return quote(`by_${index}`);
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
