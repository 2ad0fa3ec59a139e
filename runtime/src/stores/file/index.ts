import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SessionError } from "../../errors.js";
import type { Clock } from "../../time/clock.js";
import { Connector } from "../shared/connector.js";
import { decodeEnvelope, encodeEnvelope } from "../shared/envelope.js";
import { isExpected } from "../shared/expectation.js";
import { randomVersion } from "../shared/version.js";
import type {
  FindOptions,
  IndexedSession,
  OperationOptions,
  RemoveOptions,
  SessionStore,
  StoredSession,
  SweepOptions,
  TouchOptions,
  TouchResult,
  WriteOptions,
  WriteResult,
} from "../store.js";
import { ageOf, breakStale, withFileLock } from "./lock.js";
import { FileIndex } from "./lookup.js";

/** Options of {@link fileStore}. */
export interface FileStoreOptions {
  /** The folder; made when missing, readable by this user alone. */
  readonly directory: string;
  /**
   * The most sessions kept; those written or touched longest ago go first. Default: no bound. Looked at after every tenth of
   * so many new sessions, so that each process may exceed it by a tenth for a while.
   */
  readonly maxEntries?: number;
  /** Permissions of the files. Default 0o600: anything wider lets other users of the machine read sessions. */
  readonly mode?: number;
  /** The current time; `Date.now` unless replaced. */
  readonly clock?: Clock;
}

/**
 * Keeps every session in a file of its own. Files are replaced as a whole, so a reader never sees half of one, and writers
 * of one session take turns, also among several processes of one machine.
 */
export function fileStore(options: FileStoreOptions): SessionStore {
  return new FileStore(options);
}

const EXTENSION = ".session";
/** The age, in milliseconds, from which a temporary file belongs to a write that will never end. */
const ABANDONED = 60_000;

class FileStore implements SessionStore {
  readonly kind = "file";
  readonly #directory: string;
  readonly #mode: number;
  readonly #maxEntries: number;
  readonly #clock: Clock;
  readonly #index: FileIndex;
  readonly #connector = new Connector({ kind: this.kind, open: async () => true, describe });
  #created = 0;

  constructor(options: FileStoreOptions) {
    this.#directory = options.directory;
    this.#mode = options.mode ?? 0o600;
    this.#index = new FileIndex(options.directory, this.#mode);
    this.#maxEntries = options.maxEntries ?? Number.POSITIVE_INFINITY;
    this.#clock = options.clock ?? Date.now;
  }

  read(key: string, options?: OperationOptions): Promise<StoredSession | undefined> {
    return this.#connector.run(options, () => this.#live(this.#path(key)));
  }

  write(key: string, payload: Uint8Array, options: WriteOptions): Promise<WriteResult> {
    return this.#connector.run(options, async () => {
      let created = false;
      const result = await this.#locked<WriteResult>(key, options.signal, async (path, assertHeld) => {
        const { expect, expiresAt } = options;
        const current = await this.#live(path);
        if (expect !== "any" && expect !== (current?.version ?? "absent")) return { ok: false, current };
        if (options.index !== undefined) await this.#index.add(key, options.index);
        const version = randomVersion();
        await this.#replace(path, encodeEnvelope(version, expiresAt, payload), assertHeld);
        created = current === undefined;
        return { ok: true, version: version.toString("hex") };
      });
      // Not under the lock, which is for moments: a folder may be large.
      if (created) await this.#prune();
      return result;
    });
  }

  touch(key: string, expiresAt: number, options?: TouchOptions): Promise<TouchResult> {
    return this.#connector.run(options, () =>
      this.#locked<TouchResult>(key, options?.signal, async (path, assertHeld) => {
        const current = await this.#live(path);
        if (current === undefined) return "gone";
        if (!isExpected(current, options)) return "changed";
        const version = Buffer.from(current.version, "hex");
        await this.#replace(path, encodeEnvelope(version, expiresAt, current.payload), assertHeld);
        return "touched";
      }),
    );
  }

  remove(key: string, options?: RemoveOptions): Promise<boolean> {
    return this.#connector.run(options, () =>
      this.#locked(key, options?.signal, async (path, assertHeld) => {
        const current = await this.#live(path);
        if (current === undefined) return false;
        if (!isExpected(current, options)) return false;
        await assertHeld();
        await rm(path, { force: true });
        return true;
      }),
    );
  }

  async *findByIndex(
    index: string,
    value: string,
    { application, ...options }: FindOptions,
  ): AsyncGenerator<readonly IndexedSession[]> {
    await this.#connector.run(options, () => true);
    for await (const keys of this.#index.find(application, index, value)) {
      const found = await Promise.all(
        keys.map(async (key) => ({ key, stored: await this.#live(this.#path(key)) })),
      );
      yield found.flatMap(({ key, stored }) => (stored ? [{ key, stored, confirmed: false }] : []));
    }
  }

  sweep(options?: SweepOptions): Promise<number> {
    return this.#connector.run(options, async () => {
      await this.#removeLeftovers();
      await this.#index.sweep(async (key) => (await this.#live(this.#path(key))) !== undefined);
      let swept = 0;
      for (const name of await this.#names()) {
        if (swept >= (options?.limit ?? Number.POSITIVE_INFINITY) || options?.signal?.aborted) break;
        const path = join(this.#directory, name);
        if ((await this.#live(path)) !== undefined) continue;
        const expired = await withFileLock(path, this.#mode, options?.signal, async (assertHeld) => {
          // Looked at again under the lock: somebody may have begun a session under the same key meanwhile.
          if ((await this.#live(path)) !== undefined) return false;
          await assertHeld();
          await rm(path, { force: true });
          return true;
        });
        if (expired) swept += 1;
      }
      return swept;
    });
  }

  async close(): Promise<void> {
    await this.#connector.close();
  }

  /** Keys are hashed: whatever is in them, a path outside of the folder is not. */
  #path(key: string): string {
    return join(this.#directory, createHash("sha256").update(key).digest("hex") + EXTENSION);
  }

  async #live(path: string): Promise<StoredSession | undefined> {
    const bytes = await readFile(path).catch(ignoreMissing);
    const session = bytes && decodeEnvelope(bytes);
    return session !== undefined && session.expiresAt > this.#clock() ? session : undefined;
  }

  async #locked<T>(
    key: string,
    signal: AbortSignal | undefined,
    work: (path: string, assertHeld: () => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const path = this.#path(key);
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    return withFileLock(path, this.#mode, signal, (assertHeld) => work(path, assertHeld));
  }

  async #replace(path: string, bytes: Uint8Array, assertHeld: () => Promise<void>): Promise<void> {
    const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
    try {
      const file = await open(temporary, "wx", this.#mode);
      try {
        await writeFile(file, bytes);
      } finally {
        await file.close();
      }
      await assertHeld();
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Removes what is over the bound; looked at once in a while, since listing a folder takes time. */
  async #prune(): Promise<void> {
    if (this.#maxEntries === Number.POSITIVE_INFINITY) return;
    this.#created += 1;
    if (this.#created % Math.max(1, Math.floor(this.#maxEntries / 10)) !== 0) return;
    const names = await this.#names();
    if (names.length <= this.#maxEntries) return;
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#directory, name);
        return { path, used: (await stat(path).catch(ignoreMissing))?.mtimeMs ?? 0 };
      }),
    );
    files.sort((a, b) => a.used - b.used);
    const surplus = files.slice(0, names.length - this.#maxEntries);
    await Promise.all(surplus.map(({ path }) => rm(path, { force: true })));
  }

  /** Removes what processes that died in the middle of a write have left behind. */
  async #removeLeftovers(): Promise<void> {
    for (const name of await this.#list()) {
      const path = join(this.#directory, name);
      if (name.endsWith(`${EXTENSION}.lock`)) await breakStale(path, this.#mode);
      else if (isTemporary(name) && (await ageOf(path)) > ABANDONED) await rm(path, { force: true });
    }
  }

  async #names(): Promise<string[]> {
    return (await this.#list()).filter((name) => name.endsWith(EXTENSION));
  }

  async #list(): Promise<string[]> {
    return (await readdir(this.#directory).catch(ignoreMissing)) ?? [];
  }
}

/** Only names this store gives: what else is in the folder is not ours to remove. */
function isTemporary(name: string): boolean {
  return /^[0-9a-f]{64}\.session\.[0-9a-f]{12}\.tmp$/.test(name);
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function describe(cause: unknown): SessionError {
  if (cause instanceof SessionError) return cause;
  switch (codeOf(cause)) {
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return new SessionError("store/read-only", "The folder of the sessions cannot be written", { cause });
    case "ENOSPC":
    case "EDQUOT":
      return new SessionError("store/full", "There is no room left for sessions on the disk", { cause });
    default:
      return new SessionError("store/unavailable", "The folder of the sessions failed", { cause });
  }
}
