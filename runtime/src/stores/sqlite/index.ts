import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { SessionError } from "../../errors.js";
import type { Clock } from "../../time/clock.js";
import { applicationOf, keyEndOf, keyPrefixOf } from "../shared/application.js";
import { Cleanup, type CleanupOptions } from "../shared/cleanup.js";
import { Connector } from "../shared/connector.js";
import { fileIdentity } from "../shared/file-identity.js";
import { type Given, givenBy } from "../shared/given.js";
import { PAGE } from "../shared/pages.js";
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
  SweepOptions,
  TouchOptions,
  TouchResult,
  WriteOptions,
  WriteResult,
} from "../store.js";
import {
  openSqlite,
  type SqliteDatabase,
  type SqliteDriver,
  type SqliteRow,
  type SqliteStatement,
} from "./driver.js";
import { describe, describeOpening, isBusy } from "./errors.js";
import { lockedFirst, together } from "./locking.js";
import { SqliteStatements } from "./statements.js";

/** Options of {@link sqliteStore}. */
export interface SqliteStoreOptions extends CleanupOptions {
  /** The database file; `sessgen migrate` makes its table. */
  readonly file?: string;
  /**
   * A database that the application has opened itself, instead of `file`, or a function that gives
   * or imports it at the first use; `close()` leaves it open.
   */
  readonly database?: Given<SqliteDatabase>;
  /**
   * The driver to use; otherwise the first there is of `node:sqlite`, better-sqlite3 and libsql.
   */
  readonly driver?: SqliteDriver;
  /** Default `sessions`. */
  readonly table?: string;
  /** How long an operation waits while another process writes, in milliseconds. Default 2000. */
  readonly busyTimeout?: number;
}

/** Keeps sessions in an SQLite database, for any number of processes on one machine. */
export function sqliteStore(options: SqliteStoreOptions): SessionStore {
  return new SqliteStore(options);
}

/** So much of the file is read without a call of the system for each page, in bytes. */
const MAPPED = 2 ** 30;

/** How many are deleted before others have their turn. */
const FEW = 50;

class SqliteStore implements SessionStore {
  readonly kind = "sqlite";
  readonly #clock: Clock;
  readonly #cleanup: Cleanup;
  readonly #connector: Connector<Opened>;

  constructor(options: SqliteStoreOptions) {
    this.#clock = options.clock ?? Date.now;
    this.#cleanup = new Cleanup(options);
    // Drivers are synchronous: waiting inside of SQLite would stop the whole process, so a locked
    // database is tried again from outside.
    this.#connector = new Connector({
      kind: this.kind,
      open: () => open(options),
      close: ({ database }) => options.database ?? database.close(),
      isReplaced: ({ file }) => file !== undefined && fileIdentity(file.path) !== file.identity,
      isContended: isBusy,
      contentionTime: options.busyTimeout ?? 2000,
      describe,
    });
  }

  async read(key: string, options?: OperationOptions): Promise<StoredSession | undefined> {
    const stored = await this.#connector.run(options, ({ statements }) => this.#current(statements, key));
    this.#cleanup.afterRequest(this, key);
    return stored;
  }

  async write(key: string, payload: Uint8Array, options: WriteOptions): Promise<WriteResult> {
    const { expect, expiresAt } = options;
    const index = Object.entries(options.index ?? {});
    const names = index.map(([name]) => name);
    const result = await this.#connector.run<WriteResult>(options, ({ statements }) => {
      const version = randomVersionNumber();
      const now = this.#clock();
      const bytes =
        payload.byteLength === 0 ? "" : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
      const values = [bytes, version, expiresAt, ...index.map(([, value]) => value), key];
      const { changes } =
        expect === "any"
          ? statements.put(names).run(...values)
          : expect === "absent"
            ? statements.create(names).run(...values, now)
            : statements.update(names).run(...values, now, Number(expect));
      if (Number(changes) > 0) return { ok: true, version: String(version) };
      return { ok: false, current: this.#current(statements, key) };
    });
    if (expect === "absent") this.#cleanup.afterRequest(this, key);
    return result;
  }

  touch(key: string, expiresAt: number, options?: TouchOptions): Promise<TouchResult> {
    return this.#connector.run<TouchResult>(options, ({ statements }) => {
      const now = this.#clock();
      const { changes } =
        options?.expect === undefined
          ? statements.touch.run(expiresAt, key, now)
          : statements.touchVersion.run(expiresAt, key, now, Number(options.expect));
      if (Number(changes) > 0) return "touched";
      return options?.expect !== undefined && this.#current(statements, key) !== undefined
        ? "changed"
        : "gone";
    });
  }

  remove(key: string, options?: RemoveOptions): Promise<boolean> {
    return this.#connector.run(options, ({ statements }) => {
      const now = this.#clock();
      const { changes } =
        options?.expect === undefined
          ? statements.remove.run(key, now)
          : statements.removeVersion.run(key, now, Number(options.expect));
      return Number(changes) > 0;
    });
  }

  /** Some in one transaction, then others have their turn. */
  async removeMany(states: readonly RemovedState[], options?: OperationOptions): Promise<readonly boolean[]> {
    const removed: boolean[] = [];
    while (removed.length < states.length) {
      const some = states.slice(removed.length, removed.length + FEW);
      const work = ({ database, statements: { removeVersion } }: Opened): boolean[] =>
        together(database, () =>
          some.map(({ key, version }) => {
            const { changes } = removeVersion.run(key, this.#clock(), Number(version));
            return Number(changes) > 0;
          }),
        );
      removed.push(...(await this.#connector.run(options, work)));
      await setImmediate();
    }
    return removed;
  }

  async *findByIndex(
    index: string,
    value: string,
    options: FindOptions,
  ): AsyncGenerator<readonly IndexedSession[]> {
    const find = (statements: SqliteStatements) => statements.find(index);
    for await (const rows of this.#rows(find, [value], options))
      yield rows.map((row) => ({ key: String(row["id"]), stored: storedIn(row), confirmed: true }));
  }

  async *findBeginnings(
    index: string,
    value: string,
    { bytes, ...options }: FindBeginningsOptions,
  ): AsyncGenerator<readonly FoundBeginning[]> {
    const find = (statements: SqliteStatements) => statements.findBeginnings(index, bytes);
    for await (const [page] of this.#pages(find, [value], options, ([row]) => ({
      count: Number(row?.["total"]),
      last: row?.["last"],
    })))
      yield page ? beginningsIn(page).filter(({ key }) => applicationOf(key) === options.application) : [];
  }

  async *list(options: ListOptions): AsyncGenerator<readonly ListedEntry[]> {
    for await (const rows of this.#rows((statements) => statements.list(), [], options))
      yield rows.map((row) => ({ key: String(row["id"]), stored: storedIn(row) }));
  }

  async *#rows(
    select: (statements: SqliteStatements) => SqliteStatement,
    given: readonly string[],
    options: ListOptions,
  ): AsyncGenerator<readonly SqliteRow[]> {
    const end = (rows: readonly SqliteRow[]) => ({ count: rows.length, last: rows.at(-1)?.["id"] });
    for await (const rows of this.#pages(select, given, options, end))
      yield rows.filter((row) => applicationOf(String(row["id"])) === options.application);
  }

  /**
   * Reads what an application has, page by page. Drivers are synchronous: between two pages,
   * requests of this process have their turn.
   * @param given - the values of the statement that come first
   * @param endOf - tells how many a page has, and the key of the last one
   */
  async *#pages(
    select: (statements: SqliteStatements) => SqliteStatement,
    given: readonly string[],
    { application, ...options }: ListOptions,
    endOf: (rows: readonly SqliteRow[]) => { readonly count: number; readonly last: unknown },
  ): AsyncGenerator<readonly SqliteRow[]> {
    const before = keyEndOf(application);
    for (let after = keyPrefixOf(application); ; ) {
      const rows = await this.#connector.run(options, ({ statements }) =>
        select(statements).all(...given, this.#clock(), after, before, PAGE),
      );
      yield rows;
      const { count, last } = endOf(rows);
      if (count < PAGE) return;
      after = String(last);
      await setImmediate();
    }
  }

  /** Deletes a few at a time: drivers are synchronous, and requests of this process wait. */
  async sweep(options: SweepOptions = {}): Promise<number> {
    const { cursor, application, limit = Number.POSITIVE_INFINITY } = options;
    const prefix = keyPrefixOf(application);
    const expired = [this.#clock(), prefix.length, prefix];
    if (cursor?.counts && cursor.total === undefined) {
      const counted = ({ statements }: Opened) => statements.countExpired.get(...expired);
      cursor.total = Number((await this.#connector.run(options, counted))?.["total"]);
    }
    for (let swept = 0; ; ) {
      const few = Math.min(FEW, limit - swept);
      const count = await this.#connector.run(options, ({ statements }) =>
        Number(statements.sweep.run(...expired, few).changes),
      );
      swept += count;
      if (cursor !== undefined) cursor.seen = (cursor.seen ?? 0) + count;
      if (count < few || swept >= limit || options.signal?.aborted) return swept;
      await setImmediate();
    }
  }

  async close(): Promise<void> {
    await this.#connector.close();
  }

  #current(statements: SqliteStatements, key: string): StoredSession | undefined {
    const row = statements.read.get(key, this.#clock());
    return row && storedIn(row);
  }
}

function storedIn(row: SqliteRow): StoredSession {
  return {
    payload: bytesIn(row["payload"]),
    version: String(row["version"]),
    expiresAt: Number(row["expires_at"]),
  };
}

/** Takes a row apart that has a page of beginnings. */
function beginningsIn({ ids, beginnings }: SqliteRow): FoundBeginning[] {
  if (ids === null) return [];
  const digits = String(beginnings).split(",");
  const all = Buffer.from(digits.join(""), "hex");
  let at = 0;
  return String(ids)
    .split("\n")
    .map((key, index) => {
      const start = at;
      at += (digits[index]?.length ?? 0) / 2;
      return { key, beginning: all.subarray(start, at) };
    });
}

/** Gives bytes as drivers give them: some an `ArrayBuffer`. */
function bytesIn(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array(value as ArrayBuffer);
}

interface Opened {
  readonly database: SqliteDatabase;
  readonly statements: SqliteStatements;
  /** Unless it is none, or the application's. */
  readonly file: { readonly path: string; readonly identity: string } | undefined;
}

async function open(options: SqliteStoreOptions): Promise<Opened> {
  const { file, driver } = options;
  if (options.database === undefined && file === undefined) {
    throw new SessionError("store/unavailable", "The sqlite store was given neither a file nor a database");
  }
  const database =
    options.database === undefined
      ? await openFile(file ?? "", driver)
      : await givenBy(options.database, "sqlite", "prepare");
  try {
    if (options.database === undefined) {
      database.exec("PRAGMA busy_timeout = 0");
      // A lookup of many sessions reads a page of the file for each.
      database.exec(`PRAGMA mmap_size = ${MAPPED}`);
      journal(database);
    }
    const statements = new SqliteStatements(lockedFirst(database), options.table ?? "sessions");
    const path = resolve(file ?? "");
    const identity = options.database === undefined ? fileIdentity(path) : undefined;
    return { database, statements, file: identity === undefined ? undefined : { path, identity } };
  } catch (error) {
    if (options.database === undefined) database.close();
    throw error;
  }
}

async function openFile(file: string, driver?: SqliteDriver): Promise<SqliteDatabase> {
  try {
    return await openSqlite(file, driver);
  } catch (error) {
    throw describeOpening(error, file);
  }
}

/**
 * Write-ahead logging: readers and a writer do not wait for each other. A read-only database stays
 * as it is.
 */
function journal(database: SqliteDatabase): void {
  try {
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = NORMAL");
  } catch (error) {
    if (isBusy(error)) throw error;
  }
}
