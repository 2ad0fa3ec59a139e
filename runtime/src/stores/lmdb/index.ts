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
import { type Found, LmdbRecords } from "./item.js";

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
  isReplaced(): boolean;
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
      isReplaced: ({ isReplaced }) => isReplaced(),
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
    const { expect, expiresAt, index, keeps = [] } = options;
    const version = randomVersion().toString("hex");
    return this.#change<WriteResult>(options, async (records) => {
      const found = records.get(key);
      const current = this.#live(found);
      if (expect !== "any" && expect !== (current?.version ?? "absent")) return { ok: false, current };
      this.#refuseBeyondBound(records, payload, found);
      // What an expired session of the same key was found by is not what this one is found by.
      const isAnew = current === undefined;
      const by =
        index === undefined && !isAnew ? undefined : { values: index ?? {}, keeps: isAnew ? [] : keeps };
      const isWritten = await records.put(key, { payload, version, expiresAt }, found, by);
      return isWritten ? { ok: true, version } : undefined;
    });
  }

  touch(key: string, expiresAt: number, options?: TouchOptions): Promise<TouchResult> {
    return this.#change<TouchResult>(options, async (records) => {
      const found = records.get(key);
      const current = this.#live(found);
      if (current === undefined) return "gone";
      if (!isExpected(current, options)) return "changed";
      return (await records.put(key, { ...current, expiresAt }, found)) ? "touched" : undefined;
    });
  }

  remove(key: string, options?: RemoveOptions): Promise<boolean> {
    return this.#change(options, async (records) => {
      const found = records.get(key);
      const current = this.#live(found);
      if (found === undefined || current === undefined) return false;
      if (!isExpected(current, options)) return false;
      return (await records.remove(key, found)) || undefined;
    });
  }

  /** Together: each by itself would take its turn among all processes. */
  removeMany(states: readonly RemovedState[], options?: OperationOptions): Promise<readonly boolean[]> {
    const results: (boolean | undefined)[] = states.map(() => undefined);
    return this.#change(options, async (records) => {
      const remove = async ({ key, version }: RemovedState, number: number): Promise<void> => {
        if (results[number] !== undefined) return;
        const found = records.get(key);
        const isThere = found !== undefined && this.#live(found)?.version === version;
        results[number] = isThere ? (await records.remove(key, found)) || undefined : false;
      };
      await Promise.all(states.map(remove));
      return results.every((result) => result !== undefined) ? results : undefined;
    });
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
      const removed = await this.#change(options, (records) =>
        records.removeExpired(this.#clock(), batch, options?.application),
      );
      swept += removed.filter((isRemoved) => isRemoved).length;
      if (removed.length < batch) break;
    }
    return swept;
  }

  async close(): Promise<void> {
    await this.#connector.close();
  }

  #live(found: Found | undefined): StoredSession | undefined {
    const session = found?.session;
    return session !== undefined && session.expiresAt > this.#clock() ? session : undefined;
  }

  /**
   * What takes no more than before is never refused, so that a full store can still be used.
   */
  #refuseBeyondBound(records: LmdbRecords, { byteLength }: Uint8Array, before: Found | undefined): void {
    const { mapSize } = this.#options;
    if (mapSize === undefined || byteLength <= (before?.session?.payload.byteLength ?? -1)) return;
    if (records.bytes() + byteLength > mapSize)
      throw new SessionError("store/full", "The sessions fill mapSize");
  }

  /**
   * Does what changes sessions, again and again until nobody was faster. LMDB waits for the writers
   * of other processes, and for the disk, on a thread of its own.
   * @param work - gives `undefined` when somebody was
   */
  #change<T>(
    options: OperationOptions | undefined,
    work: (records: LmdbRecords) => Promise<T | undefined>,
  ): Promise<T> {
    return this.#connector.run(options, async ({ records, write }) => {
      for (;;) {
        const result = await write(() => {
          const signal = options?.signal;
          if (signal?.aborted) throw timedOut("lmdb", signal.reason);
          records.refresh();
          return work(records);
        });
        if (result !== undefined) return result;
      }
    });
  }
}

async function open({ database, path, mapSize, prefix = "session:" }: LmdbStoreOptions): Promise<Opened> {
  if (database !== undefined) {
    const write: Opened["write"] = async (work) => work();
    const records = new LmdbRecords(database, prefix);
    return { records, write, isReplaced: () => false, release: async () => {} };
  }
  if (path === undefined) {
    throw new SessionError("store/unavailable", "The lmdb store was given neither a path nor a database");
  }
  const { root, turns, isReplaced, release } = await openEnvironment(path, mapSize);
  const write: Opened["write"] = (work) => turns.write(work);
  try {
    // The first one makes the database of the sessions.
    return { records: await write(() => new LmdbRecords(root, prefix)), write, isReplaced, release };
  } catch (error) {
    await release();
    throw error;
  }
}
