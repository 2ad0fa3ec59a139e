import { SessionError } from "../../errors.js";
import type { Clock } from "../../time/clock.js";
import { applicationOf, keyEndOf, keyPrefixOf } from "../shared/application.js";
import { Cleanup, type CleanupOptions } from "../shared/cleanup.js";
import { conditionally, once } from "../shared/conditional-write.js";
import { Connector } from "../shared/connector.js";
import { type Given, givenBy } from "../shared/given.js";
import { LONG_PAGE, PAGE } from "../shared/pages.js";
import { randomVersionNumber } from "../shared/version.js";
import type {
  FindBeginningsOptions,
  FindOptions,
  FoundBeginning,
  IndexedSession,
  ListedEntry,
  ListOptions,
  OperationOptions,
  RemovedState,
  RemoveOptions,
  SessionStore,
  StoredSession,
  SweepCursor,
  SweepOptions,
  TouchOptions,
  TouchResult,
  WriteOptions,
  WriteResult,
} from "../store.js";
import {
  connect,
  type PostgresClient,
  type PostgresConnection,
  type PostgresDriver,
  type PostgresRow,
  useClient,
} from "./client.js";
import { describe, isContended, isLost, isUndone } from "./errors.js";
import { PostgresStatements } from "./statements.js";

/** Options of {@link postgresStore}. */
export interface PostgresStoreOptions extends CleanupOptions {
  /** `postgres://…`; connections are made at the first use. */
  readonly url?: string;
  /**
   * A client of the application's own, instead of `url`: a Pool of pg's, or `sql` of postgres.js,
   * or a function that gives or imports one at the first use; `close()` leaves it open.
   */
  readonly client?: Given<PostgresClient>;
  /** The library to use with `url`; otherwise the first there is of pg and postgres. */
  readonly driver?: PostgresDriver;
  /** Default: what the connection's `search_path` says. */
  readonly schema?: string;
  /** Default `sessions`; `sessgen migrate` makes it. */
  readonly table?: string;
  /** The most connections, with `url`. Default 10. */
  readonly poolSize?: number;
}

/** Keeps sessions in a table of PostgreSQL 13 or later. */
export function postgresStore(options: PostgresStoreOptions): SessionStore {
  return new PostgresStore(options);
}

/**
 * How many expired sessions a sweep looks for at once, for several of its batches. While somebody
 * holds a snapshot, what was deleted stays in the index, and every look has to pass by it.
 */
const EXPIRED = 5000;

const conditional = conditionally("postgres", isLost, isUndone);
const unlessDone = once("postgres", isUndone);

class PostgresStore implements SessionStore {
  readonly kind = "postgres";
  readonly #statements: PostgresStatements;
  readonly #clock: Clock;
  readonly #cleanup: Cleanup;
  readonly #connector: Connector<PostgresConnection>;

  /**
   * Sweeps now and then, and may be some minutes late: it leaves out the bucket of the present,
   * where the few that have expired lie among all that soon will.
   */
  readonly #past = {
    sweep: (options?: SweepOptions) => this.#sweep(this.#statements.sweepPast, options),
  };

  constructor(options: PostgresStoreOptions) {
    this.#statements = new PostgresStatements(options.schema, options.table ?? "sessions");
    this.#clock = options.clock ?? Date.now;
    this.#cleanup = new Cleanup(options);
    this.#connector = new Connector({
      kind: this.kind,
      open: () => open(options),
      close: (connection) => connection.close(),
      isLost,
      isContended,
      describe,
    });
  }

  async read(key: string, options?: OperationOptions): Promise<StoredSession | undefined> {
    const stored = await this.#connector.run(options, (connection) => this.#current(connection, key));
    this.#cleanup.afterRequest(this.#past, key);
    return stored;
  }

  async write(key: string, payload: Uint8Array, options: WriteOptions): Promise<WriteResult> {
    const version = String(randomVersionNumber());
    const { expect, expiresAt } = options;
    const work = async (connection: PostgresConnection): Promise<WriteResult> => {
      const index = Object.entries(options.index ?? {});
      const names = index.map(([name]) => name);
      const values = [
        ...[encodeText(key), payload, version, expiresAt],
        ...index.map(([, value]) => (value === null ? null : encodeText(value))),
      ];
      const statements = this.#statements;
      const { count } =
        expect === "any"
          ? await connection.query(statements.put(names), values)
          : expect === "absent"
            ? await connection.query(statements.create(names), [...values, this.#clock()])
            : await connection.query(statements.update(names), [...values, this.#clock(), expect]);
      if (count > 0) return { ok: true, version };
      const current = await this.#current(connection, key);
      // A lost connection may have hidden that this very write was done already.
      return current?.version === version ? { ok: true, version } : { ok: false, current };
    };
    const how = expect === "any" ? unlessDone : conditional;
    const result = await this.#connector.run(options, work, how);
    if (expect === "absent") this.#cleanup.afterRequest(this.#past, key);
    return result;
  }

  touch(key: string, expiresAt: number, options?: TouchOptions): Promise<TouchResult> {
    const expect = options?.expect;
    return this.#connector.run<TouchResult>(options, async (connection) => {
      const values = [encodeText(key), expiresAt, this.#clock()];
      const { count } =
        expect === undefined
          ? await connection.query(this.#statements.touch, values)
          : await connection.query(this.#statements.touchVersion, [...values, expect]);
      if (count > 0) return "touched";
      return expect !== undefined && (await this.#current(connection, key)) !== undefined
        ? "changed"
        : "gone";
    });
  }

  remove(key: string, options?: RemoveOptions): Promise<boolean> {
    const expect = options?.expect;
    const work = async (connection: PostgresConnection): Promise<boolean> => {
      const values = [encodeText(key), this.#clock()];
      const { count } =
        expect === undefined
          ? await connection.query(this.#statements.remove, values)
          : await connection.query(this.#statements.removeVersion, [...values, expect]);
      return count > 0;
    };
    return this.#connector.run(options, work, conditional);
  }

  removeMany(states: readonly RemovedState[], options?: OperationOptions): Promise<readonly boolean[]> {
    const wanted = states.map(({ key, version }) => ({ id: encodeText(key), version }));
    // As the wire does with halves of surrogate pairs, which JSON would escape.
    const text = Buffer.from(JSON.stringify(wanted)).toString();
    let removed = new Set<unknown>();
    const work = async (connection: PostgresConnection): Promise<boolean> => {
      const { rows } = await connection.query(this.#statements.removeMany, [this.#clock(), text]);
      removed = new Set(rows.map((row) => row["id"]));
      return removed.size === states.length;
    };
    return this.#connector
      .run(options, work, conditional)
      .then(() => wanted.map(({ id }) => removed.has(id)));
  }

  async *findByIndex(
    index: string,
    value: string,
    options: FindOptions,
  ): AsyncGenerator<readonly IndexedSession[]> {
    const text = this.#statements.find(index);
    for await (const rows of this.#pages(text, PAGE, [encodeText(value)], options))
      yield rows.map(([key, row]) => ({ key, stored: storedIn(row), confirmed: true }));
  }

  async *findBeginnings(
    index: string,
    value: string,
    { bytes, ...options }: FindBeginningsOptions,
  ): AsyncGenerator<readonly FoundBeginning[]> {
    const text = this.#statements.findBeginnings(index, bytes);
    for await (const rows of this.#pages(text, LONG_PAGE, [encodeText(value)], options))
      yield rows.map(([key, row]) => ({ key, beginning: row["beginning"] as Uint8Array }));
  }

  async *list(options: ListOptions): AsyncGenerator<readonly ListedEntry[]> {
    for await (const rows of this.#pages(this.#statements.list, PAGE, [], options))
      yield rows.map(([key, row]) => ({ key, stored: storedIn(row) }));
  }

  /**
   * Reads what an application has, page by page.
   * @param given - the values of the statement that come first
   */
  async *#pages(
    text: string,
    size: number,
    given: readonly string[],
    { application, ...options }: ListOptions,
  ): AsyncGenerator<readonly (readonly [key: string, row: PostgresRow])[]> {
    const end = encodeText(keyEndOf(application));
    for (let after = encodeText(keyPrefixOf(application)); ; ) {
      const values = [...given, this.#clock(), after, end, size];
      const { rows } = await this.#connector.run(options, (connection) => connection.query(text, values));
      yield rows
        .map((row) => [decodeText(String(row["id"])), row] as const)
        .filter(([key]) => applicationOf(key) === application);
      if (rows.length < size) return;
      after = String(rows.at(-1)?.["id"]);
    }
  }

  sweep(options?: SweepOptions): Promise<number> {
    const { cursor } = options ?? {};
    if (cursor !== undefined) return this.#sweepOn(cursor, options ?? {});
    return this.#sweep(this.#statements.sweep, options);
  }

  #sweep(text: string, options?: SweepOptions): Promise<number> {
    return this.#connector.run(options, async (connection) => {
      const prefix = encodeText(keyPrefixOf(options?.application));
      const values = [this.#clock(), options?.limit ?? null, prefix.length, prefix];
      return (await connection.query(text, values)).count;
    });
  }

  async close(): Promise<void> {
    await this.#connector.close();
  }

  /** Deletes the next ones that a sweep has found, or looks for more of them. */
  #sweepOn(cursor: SweepCursor, { application, limit = EXPIRED, ...options }: SweepOptions): Promise<number> {
    const prefix = encodeText(keyPrefixOf(application));
    return this.#connector.run(options, async (connection) => {
      const position = cursor.position as Position | undefined;
      let { ids, from, isLast } = position ?? { ids: [], from: 0, isLast: false };
      const own = [this.#clock(), prefix.length, prefix];
      if (position === undefined && cursor.counts) {
        const [row] = (await connection.query(this.#statements.countExpired, own)).rows;
        cursor.total = Number(row?.["total"]);
      }
      if (ids.length === 0 && !isLast) {
        const { rows } = await connection.query(this.#statements.expired, [...own, from, EXPIRED]);
        ids = rows.map((row) => String(row["id"]));
        isLast = rows.length < EXPIRED;
        from = Number(rows.at(-1)?.["expires_bucket"] ?? from);
      }
      const these = ids.slice(0, limit);
      const values = [this.#clock(), Buffer.from(JSON.stringify(these)).toString()];
      const count =
        these.length === 0 ? 0 : (await connection.query(this.#statements.sweepThese, values)).count;
      const rest = ids.slice(limit);
      cursor.position = { ids: rest, from, isLast } satisfies Position;
      cursor.seen = (cursor.seen ?? 0) + these.length;
      cursor.done = isLast && rest.length === 0;
      return count;
    });
  }

  async #current(connection: PostgresConnection, key: string): Promise<StoredSession | undefined> {
    const { rows } = await connection.query(this.#statements.read, [encodeText(key), this.#clock()]);
    const [row] = rows;
    return row && storedIn(row);
  }
}

/** Where a sweep goes on. */
interface Position {
  /** What was found and not deleted yet. */
  readonly ids: readonly string[];
  /** No bucket of expiries before this one is looked for any more. */
  readonly from: number;
  /** There is nothing behind these. */
  readonly isLast: boolean;
}

async function open({
  client,
  url,
  poolSize = 10,
  driver,
}: PostgresStoreOptions): Promise<PostgresConnection> {
  if (client !== undefined) return useClient(await givenBy(client, "postgres", "unsafe", "query"));
  if (url !== undefined) return connect(url, poolSize, driver);
  throw new SessionError("store/unavailable", "The postgres store was given neither a url nor a client");
}

function storedIn(row: PostgresRow): StoredSession {
  return {
    payload: row["payload"] as Uint8Array,
    version: String(row["version"]),
    expiresAt: Number(row["expires_at"]),
  };
}

/** PostgreSQL's text holds every character but NUL. */
function encodeText(text: string): string {
  return /[\\\0]/.test(text) ? text.replaceAll("\\", "\\\\").replaceAll("\0", "\\0") : text;
}

function decodeText(text: string): string {
  // Hardly ever there is one, and looking for it costs less.
  if (!text.includes("\\")) return text;
  return text.replace(/\\(.)/g, (_, character) => (character === "0" ? "\0" : character));
}
