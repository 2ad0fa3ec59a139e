import { setImmediate } from "node:timers/promises";
import type { RootDatabase } from "lmdb";
import { SessionError } from "../../errors.js";
import type { Clock } from "../../time/clock.js";
import { timedOut } from "../../time/deadline.js";
import { Connector } from "../shared/connector.js";
import { isExpected } from "../shared/expectation.js";
import { randomVersion } from "../shared/version.js";
import type {
  FindOptions,
  IndexedSession,
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
import { describe, openEnvironment } from "./environment.js";
import { LmdbRecords } from "./item.js";

/** Options of {@link lmdbStore}. */
export interface LmdbStoreOptions {
  /**
   * The folder of the environment; made when missing, readable by this user alone. On a local disk:
   * LMDB maps its file.
   */
  readonly path?: string;
  /**
   * An environment that the application has opened itself, instead of `path`; `close()` leaves it
   * open. No other process may open it while one writes: the package lmdb then loses what was
   * written, against which `path` is guarded.
   */
  readonly database?: RootDatabase;
  /**
   * The most bytes that sessions may take up, counted in pages of the database; a write beyond
   * fails with `store/full`. Default: what the disk holds. The package lmdb enlarges its map by
   * itself, so the bound is kept here.
   */
  readonly mapSize?: number;
  /**
   * Keeps sessions of several applications apart in one environment; any text. Default `session:`.
   */
  readonly prefix?: string;
  /** The current time; `Date.now` unless replaced. */
  readonly clock?: Clock;
}

/**
 * Keeps sessions in LMDB: memory that all processes of one machine share, and that outlives them.
 * Readers wait for nobody; writers take turns, also among processes.
 */
export function lmdbStore(options: LmdbStoreOptions): SessionStore {
  return new LmdbStore(options);
}

/** Entries that are looked at without letting other work in between. */
const BATCH = 100;

/** The sessions once they are open. */
interface Opened {
  readonly records: LmdbRecords;
  /** Does what writes, when it may. */
  write<T>(work: () => T | Promise<T>): Promise<T>;
  release(): Promise<void>;
}

class LmdbStore implements SessionStore {
  readonly kind = "lmdb";
  readonly #options: LmdbStoreOptions;
  readonly #clock: Clock;
  readonly #connector: Connector<Opened>;

  constructor(options: LmdbStoreOptions) {
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
    this.#connector = new Connector({
      kind: this.kind,
      open: () => open(options),
      close: ({ release }) => release(),
      describe,
      // An environment must not be closed under a transaction.
      patience: Number.POSITIVE_INFINITY,
    });
  }

  read(key: string, options?: OperationOptions): Promise<StoredSession | undefined> {
    return this.#connector.run(options, ({ records }) => {
      records.refresh();
      return this.#live(records.get(key));
    });
  }

  write(key: string, payload: Uint8Array, options: WriteOptions): Promise<WriteResult> {
    const { expect, expiresAt, index, keeps } = options;
    const version = randomVersion().toString("hex");
    return this.#transact<WriteResult>(options, (records) => {
      const stored = records.get(key);
      const current = this.#live(stored);
      if (expect !== "any" && expect !== (current?.version ?? "absent")) return { ok: false, current };
      this.#withinBounds(records, () => {
        records.put(key, { payload, version, expiresAt }, stored);
        // What an expired session of the same key was found by is not what this one is found by.
        if (index !== undefined || current === undefined) records.findBy(key, index ?? {}, current && keeps);
      });
      return { ok: true, version };
    });
  }

  touch(key: string, expiresAt: number, options?: TouchOptions): Promise<TouchResult> {
    return this.#transact<TouchResult>(options, (records) => {
      const current = this.#live(records.get(key));
      if (current === undefined) return "gone";
      if (!isExpected(current, options)) return "changed";
      records.put(key, { ...current, expiresAt }, current);
      return "touched";
    });
  }

  remove(key: string, options?: RemoveOptions): Promise<boolean> {
    return this.#transact(options, (records) => {
      const current = this.#live(records.get(key));
      if (current === undefined) return false;
      if (!isExpected(current, options)) return false;
      records.remove(key, current);
      return true;
    });
  }

  /** In one transaction: each of its own would take its turn among all processes. */
  removeMany(states: readonly RemovedState[], options?: OperationOptions): Promise<readonly boolean[]> {
    return this.#transact(options, (records) =>
      states.map(({ key, version }) => {
        const current = this.#live(records.get(key));
        if (current?.version !== version) return false;
        records.remove(key, current);
        return true;
      }),
    );
  }

  async *findByIndex(
    index: string,
    value: string,
    { application, ...options }: FindOptions,
  ): AsyncGenerator<readonly IndexedSession[]> {
    let from: Buffer | undefined;
    do {
      const page = await this.#connector.run(options, ({ records }) => {
        records.refresh();
        const { keys, next } = records.found(application, index, value, BATCH, from);
        // Entries are changed together with their session, and both are read at one moment.
        const found = keys.flatMap((key) => {
          const stored = this.#live(records.get(key));
          return stored === undefined ? [] : [{ key, stored, confirmed: true }];
        });
        return { found, next };
      });
      yield page.found;
      from = page.next;
      // Reading is synchronous: requests of this process have their turn.
      if (from !== undefined) await setImmediate();
    } while (from !== undefined);
  }

  async sweep(options?: SweepOptions): Promise<number> {
    const limit = options?.limit ?? Number.POSITIVE_INFINITY;
    let swept = 0;
    while (swept < limit) {
      const batch = Math.min(BATCH, limit - swept);
      const count = await this.#transact(options, (records) =>
        records.removeExpired(this.#clock(), batch, options?.application),
      );
      swept += count;
      if (count < batch) break;
    }
    return swept;
  }

  async close(): Promise<void> {
    await this.#connector.close();
  }

  #live(session: StoredSession | undefined): StoredSession | undefined {
    return session !== undefined && session.expiresAt > this.#clock() ? session : undefined;
  }

  /**
   * Does work that may need room. What takes no more than before is never refused, so that a full
   * store can still be used.
   */
  #withinBounds(records: LmdbRecords, work: () => void): void {
    const { mapSize } = this.#options;
    if (mapSize === undefined) {
      work();
      return;
    }
    const before = records.bytes();
    work();
    const after = records.bytes();
    // Thrown inside of a transaction, which is undone by that.
    if (after > mapSize && after > before) throw new SessionError("store/full", "The sessions fill mapSize");
  }

  /**
   * Does the work in a write transaction, atomic among all processes. Not in a synchronous one:
   * LMDB then waits for the writers of other processes, and for the disk, on a thread of its own.
   */
  #transact<T>(options: OperationOptions | undefined, work: (records: LmdbRecords) => T): Promise<T> {
    return this.#connector.run(options, ({ records, write }) =>
      write(() =>
        records.transaction(() => {
          const signal = options?.signal;
          if (signal?.aborted) throw timedOut("lmdb", signal.reason);
          return work(records);
        }),
      ),
    );
  }
}

async function open({ database, path, mapSize, prefix = "session:" }: LmdbStoreOptions): Promise<Opened> {
  if (database !== undefined) {
    const write: Opened["write"] = async (work) => work();
    return { records: new LmdbRecords(database, prefix), write, release: async () => {} };
  }
  if (path === undefined) {
    throw new SessionError("store/unavailable", "The lmdb store was given neither a path nor a database");
  }
  const { root, turns, release } = await openEnvironment(path, mapSize);
  const write: Opened["write"] = (work) => turns.write(work);
  try {
    // The first one makes the database of the sessions.
    return { records: await write(() => new LmdbRecords(root, prefix)), write, release };
  } catch (error) {
    await release();
    throw error;
  }
}
