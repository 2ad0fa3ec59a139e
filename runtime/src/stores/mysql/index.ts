import type { Pool } from "mysql2/promise";
import { SessionError } from "../../errors.js";
import type { Clock } from "../../time/clock.js";
import { applicationOf, keyEndOf, keyPrefixOf } from "../shared/application.js";
import { Cleanup, type CleanupOptions } from "../shared/cleanup.js";
import { conditionally, once } from "../shared/conditional-write.js";
import { Connector, type How } from "../shared/connector.js";
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
  SweepOptions,
  TouchOptions,
  TouchResult,
  WriteOptions,
  WriteResult,
} from "../store.js";
import { createPool, type Execute, exceedsPacket, type MysqlValue, onConnection } from "./client.js";
import { describe, isContended, isLost, isUndone, lacksIndex } from "./errors.js";
import { MysqlStatements } from "./statements.js";
import { BATCH, paddedTo, STEP, sweepOn } from "./sweep.js";

/** Options of {@link mysqlStore}. */
export interface MysqlStoreOptions extends CleanupOptions {
  /** `mysql://user:password@host:3306/database`; connections are made at the first use. */
  readonly url?: string;
  /**
   * A pool of the application's own (`createPool` of `mysql2/promise`), instead of `url`, or a
   * function that gives or imports one at the first use; `close()` leaves it open. Its connections
   * must commit by themselves, as they do unless `autocommit` was turned off.
   */
  readonly pool?: Given<Pool>;
  /** Default: the one that the connection names. */
  readonly database?: string;
  /** Default `sessions`; `sessgen migrate` makes it. */
  readonly table?: string;
  /** The most connections, with `url`. Default 10. */
  readonly poolSize?: number;
}

/** Keeps sessions in a table (InnoDB) of MySQL 8.4 or later, or MariaDB 10.6 or later. */
export function mysqlStore(options: MysqlStoreOptions): SessionStore {
  return new MysqlStore(options);
}

/**
 * The longest key, in bytes: as much as InnoDB indexes in every row format and with every size of
 * page.
 */
const KEY = 767;

/**
 * As much of an index value, in bytes, as its column holds; longer ones with the same beginning are
 * found together.
 */
const INDEX_VALUE = 255;

const conditional = conditionally("mysql", isLost, isUndone);
const unlessDone = once("mysql", isUndone);

class MysqlStore implements SessionStore {
  readonly kind = "mysql";
  readonly #statements: MysqlStatements;
  readonly #clock: Clock;
  readonly #cleanup: Cleanup;
  readonly #connector: Connector<Pool>;

  constructor(options: MysqlStoreOptions) {
    this.#statements = new MysqlStatements(options.database, options.table ?? "sessions");
    this.#clock = options.clock ?? Date.now;
    this.#cleanup = new Cleanup(options);
    this.#connector = new Connector({
      kind: this.kind,
      open: () => open(options),
      close: (pool) => options.pool ?? pool.end().catch(() => {}),
      isLost,
      isContended,
      describe,
    });
  }

  async read(key: string, options?: OperationOptions): Promise<StoredSession | undefined> {
    const stored = await this.#run(options, (execute) => this.#current(execute, key));
    this.#cleanup.afterRequest(this, key);
    return stored;
  }

  async write(key: string, payload: Uint8Array, options: WriteOptions): Promise<WriteResult> {
    const version = randomVersionNumber();
    const work = (execute: Execute): Promise<WriteResult> =>
      this.#write(execute, key, payload, options, version);
    const once = options.expect === "any";
    const size = payload.byteLength;
    const result = await this.#run(options, work, { size, how: once ? unlessDone : conditional });
    if (options.expect === "absent") this.#cleanup.afterRequest(this, key);
    return result;
  }

  touch(key: string, expiresAt: number, options?: TouchOptions): Promise<TouchResult> {
    const expect = options?.expect;
    return this.#run<TouchResult>(options, async (execute) => {
      const [id, now] = [Buffer.from(key), this.#clock()];
      const { insertId } =
        expect === undefined
          ? await execute(this.#statements.touch, [expiresAt, id, now])
          : await execute(this.#statements.touchVersion, [Number(expect), expiresAt, id, now]);
      if (insertId === 0) return "gone";
      return expect === undefined || insertId === Number(expect) ? "touched" : "changed";
    });
  }

  remove(key: string, options?: RemoveOptions): Promise<boolean> {
    const expect = options?.expect;
    const work = async (execute: Execute): Promise<boolean> => {
      const values = [Buffer.from(key), this.#clock()];
      const { count } =
        expect === undefined
          ? await execute(this.#statements.remove, values)
          : await execute(this.#statements.removeVersion, [...values, Number(expect)]);
      return count > 0;
    };
    return this.#run(options, work, { how: conditional });
  }

  /**
   * Removes them with one statement, which says how many they were. If not all, those that are
   * there still were not removed; of those that are gone, as many count as it said.
   */
  async removeMany(states: readonly RemovedState[], options?: OperationOptions): Promise<readonly boolean[]> {
    if (states.length === 0) return [];
    const padded = paddedTo(STEP, states);
    const ids = padded.map(({ key }) => Buffer.from(key));
    const pairs = padded.flatMap(({ key, version }) => [Buffer.from(key), Number(version)]);
    let removed = states.map(() => true);
    const work = async (execute: Execute): Promise<boolean> => {
      const now = this.#clock();
      const { count } = await execute(this.#statements.removeMany(padded.length), [now, ...ids, ...pairs]);
      if (count === states.length) return true;
      const { rows } = await execute(this.#statements.there(padded.length), [now, ...ids]);
      const there = new Set(rows.map(([id]) => String(id)));
      let left = count;
      removed = states.map(({ key }) => !there.has(key) && left-- > 0);
      return false;
    };
    await this.#run(options, work, { how: conditional });
    return removed;
  }

  async *findByIndex(
    index: string,
    value: string,
    options: FindOptions,
  ): AsyncGenerator<readonly IndexedSession[]> {
    const confirmed = Buffer.byteLength(value) <= INDEX_VALUE;
    const text = this.#statements.find(index);
    for await (const rows of this.#pages(text, PAGE, [indexValue(value)], options))
      yield rows.map(([key, row]) => ({ key, stored: storedIn(row), confirmed }));
  }

  async *findBeginnings(
    index: string,
    value: string,
    { bytes, ...options }: FindBeginningsOptions,
  ): AsyncGenerator<readonly FoundBeginning[]> {
    // Of a longer value the column has no more than its beginning, which others may have, too.
    const length = Buffer.byteLength(value) <= INDEX_VALUE ? bytes : 0;
    const text = this.#statements.findBeginnings(index, length);
    for await (const rows of this.#pages(text, LONG_PAGE, [indexValue(value)], options))
      yield rows.map(([key, [beginning]]) => ({ key, beginning: beginning as Buffer }));
  }

  async *list(options: ListOptions): AsyncGenerator<readonly ListedEntry[]> {
    for await (const rows of this.#pages(this.#statements.list, PAGE, [], options))
      yield rows.map(([key, row]) => ({ key, stored: storedIn(row) }));
  }

  /**
   * Reads what an application has, page by page, but what has expired.
   * @param given - the values of the statement that come first; the last column is the expiry
   */
  async *#pages(
    text: string,
    size: number,
    given: readonly MysqlValue[],
    { application, ...options }: ListOptions,
  ): AsyncGenerator<readonly (readonly [key: string, row: readonly unknown[]])[]> {
    const end = Buffer.from(keyEndOf(application));
    for (let from = Buffer.from(keyPrefixOf(application)); ; ) {
      // As text: MySQL takes no floating-point number for LIMIT, and mysql2 knows no other.
      const values = [...given, from, end, String(size)];
      const now = this.#clock();
      const { rows } = await this.#run(options, (execute) =>
        execute(text, values).catch((error: unknown) => {
          if (!lacksIndex(error)) throw error;
          return execute(this.#statements.withoutIndex(text), values);
        }),
      );
      yield rows
        .filter((row) => Number(row.at(-1)) > now)
        .map(([id, ...row]) => [String(id), row] as const)
        .filter(([key]) => applicationOf(key) === application);
      const last = rows.at(-1)?.[0];
      if (last === undefined || rows.length < size) return;
      // The next one possible, by order of bytes.
      from = Buffer.concat([last as Buffer, Buffer.alloc(1)]);
    }
  }

  async sweep(options?: SweepOptions): Promise<number> {
    const { limit = Number.POSITIVE_INFINITY, cursor } = options ?? {};
    if (cursor !== undefined) {
      const { application, limit: most, ...rest } = options ?? {};
      const step = { statements: this.#statements, now: this.#clock(), application, limit: most };
      return this.#run(rest, (execute) => sweepOn(execute, cursor, step));
    }
    const prefix = Buffer.from(keyPrefixOf(options?.application));
    for (let swept = 0; ; ) {
      const batch = Math.min(BATCH, limit - swept);
      const values = [this.#clock(), prefix.length, prefix, String(batch)];
      const { count } = await this.#run(options, (execute) => execute(this.#statements.sweep, values));
      swept += count;
      if (count < batch || swept >= limit) return swept;
    }
  }

  async close(): Promise<void> {
    await this.#connector.close();
  }

  async #write(
    execute: Execute,
    key: string,
    payload: Uint8Array,
    { expect, expiresAt, index = {} }: WriteOptions,
    version: number,
  ): Promise<WriteResult> {
    const id = Buffer.from(key);
    // A server that is not in strict mode would cut it off, and two sessions become one.
    if (id.length > KEY)
      throw new SessionError("store/too-large", `The key is longer than ${KEY} bytes of UTF-8`);
    const names = Object.keys(index);
    const values = [
      Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
      version,
      ...Object.values(index).map(indexValue),
      expiresAt,
    ];
    if (await this.#put(execute, expect, names, id, values)) return { ok: true, version: String(version) };
    const current = await this.#current(execute, key);
    // A lost connection may have hidden that this very write was done already.
    return current?.version === String(version)
      ? { ok: true, version: current.version }
      : { ok: false, current };
  }

  /** @returns whether it was written */
  async #put(
    execute: Execute,
    expect: WriteOptions["expect"],
    names: readonly string[],
    id: Buffer,
    values: readonly MysqlValue[],
  ): Promise<boolean> {
    const now = this.#clock();
    if (expect === "any") {
      await execute(this.#statements.put(names), [id, ...values]);
      return true;
    }
    if (expect === "absent") {
      const result = await execute(this.#statements.create(names), [id, ...values, ...values.map(() => now)]);
      return result.insertId === 0;
    }
    const result = await execute(this.#statements.update(names), [...values, id, now, Number(expect)]);
    return result.count > 0;
  }

  async #current(execute: Execute, key: string): Promise<StoredSession | undefined> {
    const { rows } = await execute(this.#statements.read, [Buffer.from(key), this.#clock()]);
    const [row] = rows;
    return row && storedIn(row);
  }

  /**
   * @param operation - `size`: of the payload that is sent, in bytes; `how`: as a connector takes
   *   it
   */
  #run<T>(
    options: OperationOptions | undefined,
    work: (execute: Execute) => Promise<T>,
    { size = 0, how = {} }: { readonly size?: number; readonly how?: How<NoInfer<T>> } = {},
  ): Promise<T> {
    const signal = options?.signal;
    const attempt = async (pool: Pool): Promise<T> => {
      try {
        return await onConnection(pool, signal, work);
      } catch (error) {
        if (!isLost(error) || !(await exceedsPacket(pool, signal, size))) throw error;
        throw new SessionError("store/too-large", "The session is larger than max_allowed_packet", {
          cause: error,
        });
      }
    };
    return this.#connector.run(options, attempt, how);
  }
}

async function open({ pool, url, poolSize = 10 }: MysqlStoreOptions): Promise<Pool> {
  if (pool !== undefined) return givenBy(pool, "mysql", "getConnection");
  if (url !== undefined) return createPool(url, poolSize);
  throw new SessionError("store/unavailable", "The mysql store was given neither a url nor a pool");
}

function storedIn([payload, version, expiresAt]: readonly unknown[]): StoredSession {
  return { payload: payload as Buffer, version: String(version), expiresAt: Number(expiresAt) };
}

function indexValue(value: string): Buffer;
function indexValue(value: string | null): Buffer | null;
function indexValue(value: string | null): Buffer | null {
  return value === null ? null : Buffer.from(value).subarray(0, INDEX_VALUE);
}
