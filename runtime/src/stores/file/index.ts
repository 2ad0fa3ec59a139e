import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../time/clock.js";
import { applicationOf, keyPrefixOf } from "../shared/application.js";
import { Connector } from "../shared/connector.js";
import { decodeEnvelope, encodeEnvelope, termsIn } from "../shared/envelope.js";
import { isExpected } from "../shared/expectation.js";
import { decodeTerms, encodeTerms, keptTerms, termOf, termsOf } from "../shared/index-terms.js";
import { randomVersion } from "../shared/version.js";
import type {
  FindOptions,
  IndexedSession,
  OperationOptions,
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
import { describe, ignoreMissing } from "./errors.js";
import { FileHints } from "./hints.js";
import { EXTENSION, isTemporary, replaceFile } from "./item.js";
import { ageOf, breakStale, isLock, withFileLock } from "./lock.js";
import { FileWalk, type Look } from "./walk.js";

/** Options of {@link fileStore}. */
export interface FileStoreOptions {
  /** The folder; made when missing, readable by this user alone. */
  readonly directory: string;
  /**
   * The most sessions kept; those written or touched longest ago go first. Default: no bound.
   * Looked at after every tenth of so many new sessions, so that each process may exceed it by a
   * tenth for a while.
   */
  readonly maxEntries?: number;
  /**
   * Permissions of the files. Default 0o600: anything wider lets other users of the machine read
   * sessions.
   */
  readonly mode?: number;
  /** The current time; `Date.now` unless replaced. */
  readonly clock?: Clock;
}

/**
 * Keeps every session in a file of its own. Files are replaced as a whole, so a reader never sees
 * half of one, and writers of one session take turns, also among several processes of one machine.
 */
export function fileStore(options: FileStoreOptions): SessionStore {
  return new FileStore(options);
}

/** The age, in milliseconds, from which a temporary file belongs to a write that will never end. */
const ABANDONED = 60_000;

/** A session's file as it is, expired or not. */
interface Found {
  /** Unless it has expired, or is none. */
  readonly session: StoredSession | undefined;
  readonly terms: readonly string[];
  /** There is a file. */
  readonly isThere: boolean;
}

/** What an operation that has a session's lock gets. */
interface Held extends Found {
  readonly path: string;
  /** Throws when the lock was lost meanwhile. */
  assertHeld(): Promise<void>;
}

class FileStore implements SessionStore {
  readonly kind = "file";
  readonly #directory: string;
  readonly #mode: number;
  readonly #maxEntries: number;
  readonly #clock: Clock;
  readonly #hints: FileHints;
  readonly #connector = new Connector({ kind: this.kind, open: async () => true, describe });
  #created = 0;

  constructor(options: FileStoreOptions) {
    this.#directory = options.directory;
    this.#mode = options.mode ?? 0o600;
    this.#hints = new FileHints(options.directory, this.#mode);
    this.#maxEntries = options.maxEntries ?? Number.POSITIVE_INFINITY;
    this.#clock = options.clock ?? Date.now;
  }

  read(key: string, options?: OperationOptions): Promise<StoredSession | undefined> {
    return this.#connector.run(options, async () => (await this.#find(this.#path(key))).session);
  }

  write(key: string, payload: Uint8Array, options: WriteOptions): Promise<WriteResult> {
    return this.#connector.run(options, async () => {
      let created = false;
      const result = await this.#locked<WriteResult>(key, options, async (held) => {
        const { expect, expiresAt, index, keeps } = options;
        const { session: current, terms: before } = held;
        if (expect !== "any" && expect !== (current?.version ?? "absent")) return { ok: false, current };
        // What an expired session of the same key was found by is not what this one is found by.
        const kept = current === undefined ? [] : before;
        const terms = index === undefined ? kept : [...termsOf(index), ...keptTerms(kept, keeps)];
        await this.#hints.add(key, terms);
        const version = randomVersion();
        await this.#replace(held, encodeEnvelope(version, expiresAt, payload, encodeTerms(terms)));
        await this.#forget(
          key,
          before.filter((term) => !terms.includes(term)),
        );
        created = current === undefined;
        return { ok: true, version: version.toString("hex") };
      });
      // Not under the lock, which is for moments: a folder may be large.
      if (created) await this.#prune(key);
      return result;
    });
  }

  touch(key: string, expiresAt: number, options?: TouchOptions): Promise<TouchResult> {
    return this.#connector.run(options, () =>
      this.#locked<TouchResult>(key, options, async (held) => {
        const { session: current, terms } = held;
        if (current === undefined) return "gone";
        if (!isExpected(current, options)) return "changed";
        const version = Buffer.from(current.version, "hex");
        await this.#replace(held, encodeEnvelope(version, expiresAt, current.payload, encodeTerms(terms)));
        return "touched";
      }),
    );
  }

  remove(key: string, options?: RemoveOptions): Promise<boolean> {
    return this.#connector.run(options, () =>
      this.#locked(key, options, async ({ path, session: current, terms, assertHeld }) => {
        if (current === undefined) return false;
        if (!isExpected(current, options)) return false;
        await assertHeld();
        await rm(path, { force: true });
        await this.#forget(key, terms);
        return true;
      }),
    );
  }

  async *findByIndex(
    index: string,
    value: string,
    { application, onGone, ...options }: FindOptions,
  ): AsyncGenerator<readonly IndexedSession[]> {
    const term = termOf(index, value);
    const pages = this.#hints.find(application, term);
    for (;;) {
      const page = await this.#connector.run(options, async () => {
        const next = await pages.next();
        if (next.done === true) return undefined;
        const look = async (key: string): Promise<readonly IndexedSession[]> => {
          const found = await this.#look(key, term, options);
          if (found.length === 0) onGone?.(key);
          return found;
        };
        const found = await Promise.all(next.value.map(look));
        return found.flat();
      });
      if (page === undefined) return;
      yield page;
    }
  }

  /**
   * Walks over the folder. In steps, each looks at no more than it may delete: otherwise one that
   * finds little to delete would take as long as the whole walk.
   */
  sweep(options: SweepOptions = {}): Promise<number> {
    const { application, limit = Number.POSITIVE_INFINITY, cursor, signal } = options;
    return this.#connector.run(options, async () => {
      const walk = (cursor?.position as FileWalk | undefined) ?? (await this.#walk(application, options));
      const most = cursor === undefined ? Number.POSITIVE_INFINITY : limit;
      const deleted = await walk.go(limit, most, signal);
      if (cursor !== undefined) {
        const { total, seen, isDone } = walk;
        Object.assign(cursor, { position: walk, total, seen, done: isDone } satisfies SweepCursor);
      }
      return deleted;
    });
  }

  async close(): Promise<void> {
    await this.#connector.close();
  }

  /**
   * Keys are hashed: whatever is in them, a path outside of the folder is not. The tag goes in
   * front, for sweeps; where it is too long or something else, the session belongs to no
   * application that could be swept by itself.
   */
  #path(key: string): string {
    const [tag = ""] = /^[\w-]{1,64}\./.exec(key) ?? [];
    return join(this.#directory, tag + createHash("sha256").update(key).digest("hex") + EXTENSION);
  }

  async #find(path: string): Promise<Found> {
    const bytes = await readFile(path).catch(ignoreMissing);
    const session = bytes && decodeEnvelope(bytes);
    const isLive = session !== undefined && session.expiresAt > this.#clock();
    return {
      session: isLive ? session : undefined,
      terms: bytes ? decodeTerms(termsIn(bytes)) : [],
      isThere: bytes !== undefined,
    };
  }

  /**
   * The session that a hint leads to. A hint that leads nowhere is removed; not one whose session
   * has ended by this process's clock.
   */
  async #look(
    key: string,
    term: string,
    options: OperationOptions,
  ): Promise<readonly [IndexedSession] | readonly []> {
    const { session: stored, terms } = await this.#find(this.#path(key));
    if (terms.includes(term)) return stored === undefined ? [] : [{ key, stored, confirmed: true }];
    const remove = async (now: Found): Promise<void> => {
      if (!now.terms.includes(term)) await this.#hints.remove(key, [term]);
    };
    // For the next lookup to find, where it cannot be written.
    await this.#locked(key, options, remove).catch(() => {});
    return [];
  }

  /** Does something with a session while no other process changes it. */
  async #locked<T>(
    key: string,
    options: OperationOptions | undefined,
    work: (held: Held) => Promise<T>,
  ): Promise<T> {
    const path = this.#path(key);
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    return withFileLock(path, options?.signal, async (assertHeld) =>
      work({ path, assertHeld, ...(await this.#find(path)) }),
    );
  }

  #replace({ path, assertHeld }: Held, bytes: Uint8Array): Promise<void> {
    return replaceFile(path, bytes, this.#mode, assertHeld);
  }

  /**
   * Removes hints after the session they led to. What fails does not undo that: a lookup finds
   * them, and so does a sweep.
   */
  async #forget(key: string, terms: readonly string[]): Promise<void> {
    await this.#hints.remove(key, terms).catch(() => {});
  }

  /**
   * Removes what is over the bound; looked at once in a while, since listing a folder takes time.
   */
  async #prune(key: string): Promise<void> {
    if (this.#maxEntries === Number.POSITIVE_INFINITY) return;
    this.#created += 1;
    if (this.#created % Math.max(1, Math.floor(this.#maxEntries / 10)) !== 0) return;
    const names = sessionsAmong(await this.#list());
    if (names.length <= this.#maxEntries) return;
    // It is written once and read by everybody: without it all sessions are over.
    const kept = ["epoch", "indexes"].map((name) => this.#path(`${applicationOf(key)}.${name}`));
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#directory, name);
        if (kept.includes(path)) return { path, used: Number.POSITIVE_INFINITY };
        return { path, used: (await stat(path).catch(ignoreMissing))?.mtimeMs ?? 0 };
      }),
    );
    files.sort((a, b) => a.used - b.used);
    const surplus = files.slice(0, names.length - this.#maxEntries);
    await Promise.all(surplus.map(({ path }) => rm(path, { force: true })));
  }

  /** What a sweep looks at: what dead processes have left behind, hints, sessions. */
  async #walk(application: string | undefined, options: OperationOptions): Promise<FileWalk> {
    const names = await this.#list();
    const leftovers = names.filter((name) => isLock(name) || isTemporary(name));
    const sessions = sessionsAmong(names, application);
    const folders = await this.#hints.folders();
    const foldersOf = async (key: string): Promise<readonly string[]> => {
      const { terms } = await this.#find(this.#path(key));
      return terms.map((term) => this.#hints.folderOf(applicationOf(key), term));
    };
    const underLock = (key: string, work: () => Promise<void>) => this.#locked(key, options, work);
    const looks = async function* (this: FileStore): AsyncGenerator<Look> {
      for (const name of leftovers) yield { work: () => this.#removeLeftover(name), counts: true };
      for (const folder of folders) yield* this.#hints.looks(folder, foldersOf, underLock);
      for (const name of sessions) yield { work: () => this.#removeExpired(name, options), counts: true };
    };
    return new FileWalk(leftovers.length + folders.length + sessions.length, looks.call(this));
  }

  async #removeExpired(name: string, { signal }: OperationOptions): Promise<boolean> {
    const path = join(this.#directory, name);
    if ((await this.#find(path)).session !== undefined) return false;
    const [, tag = "", hashed = ""] = /^(?:(.+)\.)?([0-9a-f]{64})\.session$/.exec(name) ?? [];
    return withFileLock(path, signal, async (assertHeld) => {
      // Looked at again under the lock: somebody may have begun a session under the same key, or
      // removed it, meanwhile.
      const { session, terms, isThere } = await this.#find(path);
      if (session !== undefined || !isThere) return false;
      await assertHeld();
      await rm(path, { force: true });
      await this.#hints.removeOf(tag, hashed, terms).catch(() => {});
      return true;
    });
  }

  /** Removes what a process that died in the middle of a write has left behind. */
  async #removeLeftover(name: string): Promise<false> {
    const path = join(this.#directory, name);
    if (!isTemporary(name)) await breakStale(path);
    else if ((await ageOf(path)) > ABANDONED) await rm(path, { force: true });
    return false;
  }

  async #list(): Promise<string[]> {
    return (await readdir(this.#directory).catch(ignoreMissing)) ?? [];
  }
}

function sessionsAmong(names: readonly string[], application?: string): readonly string[] {
  const prefix = keyPrefixOf(application);
  return names.filter((name) => name.endsWith(EXTENSION) && name.startsWith(prefix));
}
