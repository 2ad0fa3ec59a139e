import { SessionError } from "../../errors.js";
import type { Clock } from "../../time/clock.js";
import { applicationOf, keyPrefixOf } from "../shared/application.js";
import { isExpected } from "../shared/expectation.js";
import { Gate } from "../shared/gate.js";
import type {
  FindBeginningsOptions,
  FindOptions,
  FoundBeginning,
  IndexedSession,
  IndexValues,
  ListedEntry,
  ListOptions,
  OperationOptions,
  RemoveOptions,
  SessionStore,
  StoredSession,
  SweepOptions,
  TouchOptions,
  TouchResult,
  Version,
  WriteOptions,
  WriteResult,
} from "../store.js";

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** The most sessions kept; the least recently used one goes first. Default 100 000. */
  readonly maxEntries?: number;
  /** The most bytes of payloads and keys kept. Default 256 MiB. */
  readonly maxBytes?: number;
  /** The current time; `Date.now` unless replaced. */
  readonly clock?: Clock;
}

/**
 * Keeps sessions in this process: for development, tests and single-process servers. Bounded in
 * entries and in bytes; nothing survives a restart and nothing is shared with other processes.
 */
export function memoryStore(options: MemoryStoreOptions = {}): SessionStore {
  return new MemoryStore(options);
}

/** How many sessions a page of a lookup copies. */
const PAGE = 100;

class MemoryStore implements SessionStore {
  readonly kind = "memory";
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly #clock: Clock;
  readonly #gate = new Gate("memory");
  /**
   * A `Map` iterates in order of insertion; re-inserting at every use makes that the order of use.
   */
  readonly #sessions = new Map<string, Entry>();
  /** The keys of the sessions of each value, by index and value. */
  readonly #found = new Map<string, Set<string>>();
  #bytes = 0;
  #writes = 0;

  constructor(options: MemoryStoreOptions) {
    this.#maxEntries = options.maxEntries ?? 100_000;
    this.#maxBytes = options.maxBytes ?? 256 * 1024 * 1024;
    this.#clock = options.clock ?? Date.now;
  }

  async read(key: string, options?: OperationOptions): Promise<StoredSession | undefined> {
    this.#gate.enter(options);
    const session = this.#live(key);
    if (session === undefined) return undefined;
    this.#put(key, session);
    return copyOf(session);
  }

  async write(key: string, payload: Uint8Array, options: WriteOptions): Promise<WriteResult> {
    this.#gate.enter(options);
    const current = this.#live(key);
    const { expect, expiresAt } = options;
    if (expect !== "any" && expect !== (current?.version ?? "absent")) {
      return { ok: false, current: current && copyOf(current) };
    }
    if (sizeOf(key, payload) > this.#maxBytes) {
      throw new SessionError("store/full", `A session of ${payload.byteLength} bytes exceeds maxBytes`);
    }
    const version: Version = String(++this.#writes);
    const index = options.index && { ...kept(current?.index, options.keeps), ...options.index };
    this.#put(key, { payload: payload.slice(), version, expiresAt, ...found(index ?? current?.index) });
    this.#evict();
    return { ok: true, version };
  }

  async touch(key: string, expiresAt: number, options?: TouchOptions): Promise<TouchResult> {
    this.#gate.enter(options);
    const session = this.#live(key);
    if (session === undefined) return "gone";
    if (!isExpected(session, options)) return "changed";
    this.#put(key, { ...session, expiresAt });
    return "touched";
  }

  async remove(key: string, options?: RemoveOptions): Promise<boolean> {
    this.#gate.enter(options);
    const session = this.#live(key);
    if (session === undefined) return false;
    if (!isExpected(session, options)) return false;
    this.#drop(key, session);
    return true;
  }

  async *findByIndex(
    index: string,
    value: string,
    options: FindOptions,
  ): AsyncGenerator<readonly IndexedSession[]> {
    for (const page of this.#find(index, value, options))
      yield page.map(([key, session]) => ({ key, stored: copyOf(session), confirmed: true }));
  }

  async *findBeginnings(
    index: string,
    value: string,
    { bytes, ...options }: FindBeginningsOptions,
  ): AsyncGenerator<readonly FoundBeginning[]> {
    for (const page of this.#find(index, value, options))
      yield page.map(([key, { payload }]) => ({ key, beginning: payload.slice(0, bytes) }));
  }

  /** Gives what has a value, page by page. */
  *#find(
    index: string,
    value: string,
    { application, ...options }: FindOptions,
  ): Generator<readonly (readonly [key: string, session: Entry])[]> {
    this.#gate.enter(options);
    // Of one moment: a session that moves to another key meanwhile is named under one of the two.
    const keys = [...(this.#found.get(termOf(application, index, value)) ?? [])];
    for (let from = 0; from < keys.length; from += PAGE) {
      this.#gate.enter(options);
      yield keys.slice(from, from + PAGE).flatMap((key) => {
        const session = this.#live(key);
        return session?.index?.[index] === value ? [[key, session] as const] : [];
      });
    }
  }

  async *list({ application, ...options }: ListOptions): AsyncGenerator<readonly ListedEntry[]> {
    this.#gate.enter(options);
    const keys = [...this.#sessions.keys()].filter((key) => applicationOf(key) === application);
    for (let from = 0; from < keys.length; from += PAGE) {
      this.#gate.enter(options);
      yield keys.slice(from, from + PAGE).flatMap((key) => {
        const session = this.#live(key);
        return session === undefined ? [] : [{ key, stored: copyOf(session) }];
      });
    }
  }

  async sweep(options?: SweepOptions): Promise<number> {
    this.#gate.enter(options);
    const limit = options?.limit ?? Number.POSITIVE_INFINITY;
    const now = this.#clock();
    const prefix = keyPrefixOf(options?.application);
    let swept = 0;
    for (const [key, session] of this.#sessions) {
      if (swept >= limit) break;
      if (session.expiresAt > now || !key.startsWith(prefix)) continue;
      this.#drop(key, session);
      swept += 1;
    }
    return swept;
  }

  async close(): Promise<void> {
    this.#gate.close();
    this.#sessions.clear();
    this.#found.clear();
    this.#bytes = 0;
  }

  /** The session under the key, dropping it when it has expired. */
  #live(key: string): Entry | undefined {
    const session = this.#sessions.get(key);
    if (session === undefined || session.expiresAt > this.#clock()) return session;
    this.#drop(key, session);
    return undefined;
  }

  /** Stores the session as the most recently used one. */
  #put(key: string, session: Entry): void {
    const previous = this.#sessions.get(key);
    if (previous !== undefined) this.#drop(key, previous);
    this.#sessions.set(key, session);
    this.#bytes += sizeOf(key, session.payload);
    for (const term of termsOf(key, session)) {
      const keys = this.#found.get(term);
      if (keys === undefined) this.#found.set(term, new Set([key]));
      else keys.add(key);
    }
  }

  #drop(key: string, session: Entry): void {
    this.#sessions.delete(key);
    this.#bytes -= sizeOf(key, session.payload);
    for (const term of termsOf(key, session)) {
      const keys = this.#found.get(term);
      keys?.delete(key);
      if (keys?.size === 0) this.#found.delete(term);
    }
  }

  /** Drops the least recently used sessions until both bounds hold again. */
  #evict(): void {
    for (const [key, session] of this.#sessions) {
      if (this.#sessions.size <= this.#maxEntries && this.#bytes <= this.#maxBytes) return;
      this.#drop(key, session);
    }
  }
}

interface Entry extends StoredSession {
  readonly index?: IndexValues;
}

/** Those of the values that stay. */
function kept(index: IndexValues = {}, names: readonly string[] = []): IndexValues {
  return Object.fromEntries(Object.entries(index).filter(([name]) => names.includes(name)));
}

function found(index: IndexValues | undefined): Pick<Entry, "index"> {
  return index === undefined ? {} : { index };
}

/** Callers may change the bytes they get; what is stored must not change with them. */
function copyOf({ payload, version, expiresAt }: StoredSession): StoredSession {
  return { payload: payload.slice(), version, expiresAt };
}

/** Neither tags nor names of indexes have dots or colons. */
function termOf(application: string, index: string, value: string): string {
  return `${application}.${index}:${value}`;
}

const nothing: readonly string[] = [];

function termsOf(key: string, { index }: Entry): readonly string[] {
  if (index === undefined) return nothing;
  const application = applicationOf(key);
  return Object.entries(index).flatMap(([name, value]) =>
    value === null ? [] : [termOf(application, name, value)],
  );
}

/** What an entry counts for: its payload and its key, two bytes a character. */
function sizeOf(key: string, payload: Uint8Array): number {
  return payload.byteLength + 2 * key.length;
}
