import { createHash } from "node:crypto";
import type { Database, RootDatabase } from "lmdb";
import { applicationOf } from "../shared/application.js";
import { decodeEnvelope, encodeEnvelope, encodeExpiry } from "../shared/envelope.js";
import { randomVersionNumber } from "../shared/version.js";
import type { IndexValues, StoredSession } from "../store.js";

/** What the second part of a key says of the entry. */
const SESSION = Buffer.from("s");
/** The application whose session it is, in the order in which sessions end. */
const EXPIRY = Buffer.from("e");
/** The session's key as it was given. */
const INDEX = Buffer.from("i");
/** What a session is found by, so that it can be taken out of the index. */
const FOUND_BY = Buffer.from("f");

/** Sorts after every key that continues with a hash. */
const AFTER = Buffer.alloc(33, 0xff);

/** An entry as it was read. */
export interface Found {
  /** Expired or not; unless it is none. */
  readonly session: StoredSession | undefined;
  /** Of the entry; every change of a session, or of what it is found by, gives it another one. */
  readonly entry: number;
}

/**
 * Sessions as entries of an LMDB database. Keys have at most 1978 bytes there: session keys and
 * values of indexes are hashed, so that any text will do.
 *
 * What is changed depends on what was read before, and is written only while that is so. No
 * function runs within a write transaction, which all processes wait for: a process that ended in
 * the middle of one would never answer, and neither end nor let others write.
 */
export class LmdbRecords {
  readonly #database: Database<Buffer, Buffer>;
  readonly #scope: Buffer;

  /**
   * @param root - the environment; whatever else it holds has other names
   * @param prefix - keeps sessions of several applications apart
   */
  constructor(root: RootDatabase, prefix: string) {
    const options = { encoding: "binary", keyEncoding: "binary", useVersions: true } as const;
    this.#database = root.openDB({ name: "sessgen", ...options });
    this.#scope = hash(prefix).subarray(0, 8);
  }

  /**
   * Lets go of the snapshot of this turn of the event loop: what others have committed meanwhile is
   * read from now on.
   */
  refresh(): void {
    this.#database.resetReadTxn();
  }

  get(key: string): Found | undefined {
    return this.#get(hash(key));
  }

  /**
   * Stores a session in the place of what was found, and makes it found by these values, and by no
   * others but those of indexes that are left as they are; without values, by the same as before.
   * @returns `false` when somebody was faster: nothing was written
   */
  put(
    key: string,
    session: StoredSession,
    before: Found | undefined,
    index?: { readonly values: IndexValues; readonly keeps: readonly string[] },
  ): Promise<boolean> {
    const id = hash(key);
    const terms = this.#termsOf(id);
    return this.#change(id, before, () => {
      this.#put(this.#key(SESSION, id), envelopeOf(session), randomVersionNumber());
      const until = before?.session?.expiresAt;
      if (until !== session.expiresAt) {
        if (until !== undefined) this.#remove(this.#expiryKey(until, id));
        this.#put(this.#expiryKey(session.expiresAt, id), Buffer.from(applicationOf(key)));
      }
      if (index !== undefined) this.#findBy(id, key, terms, nextTerms(key, terms, index));
    });
  }

  /**
   * Removes a session.
   * @returns `false` when somebody was faster: nothing was removed
   */
  remove(key: string, before: Found): Promise<boolean> {
    return this.#drop(hash(key), before);
  }

  /**
   * Removes sessions that have ended, of an application or of all.
   * @returns for each that was found whether it was removed by this
   */
  removeExpired(now: number, limit: number, application: string | undefined): Promise<readonly boolean[]> {
    const start = this.#key(EXPIRY);
    const end = this.#key(EXPIRY, encodeExpiry(now), AFTER);
    const expired: (readonly [id: Buffer, session: Found])[] = [];
    for (const { key, value } of this.#database.getRange({ start, end })) {
      if (application !== undefined && value.toString() !== application) continue;
      const id = key.subarray(start.length + 8);
      const session = this.#get(id);
      if (session !== undefined) expired.push([id, session]);
      if (expired.length === limit) break;
    }
    return Promise.all(expired.map(([id, session]) => this.#drop(id, session)));
  }

  /** Gives the keys of the sessions found by a value, in pages; `next` leads to the next one. */
  found(
    application: string,
    index: string,
    value: string,
    limit: number,
    from?: Buffer,
  ): { keys: string[]; next?: Buffer } {
    const entries = this.#key(INDEX, hash(termOf(application, index, value)));
    const end = Buffer.concat([entries, AFTER]);
    const page = [...this.#database.getRange({ start: from ?? entries, end, limit })];
    const keys = page.map((entry) => entry.value.toString());
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return { keys };
    return { keys, next: Buffer.concat([last.key, Buffer.of(0)]) };
  }

  /**
   * Gives what the entries take up, in bytes of the pages they are in; what was freed does not
   * count.
   */
  bytes(): number {
    const stats = this.#database.getStats() as PageCounts;
    return (stats.treeBranchPageCount + stats.treeLeafPageCount + stats.overflowPages) * stats.pageSize;
  }

  #get(id: Buffer): Found | undefined {
    const entry = this.#database.getEntry(this.#key(SESSION, id));
    return entry && { session: decodeEnvelope(entry.value), entry: entry.version ?? 0 };
  }

  #drop(id: Buffer, before: Found): Promise<boolean> {
    const terms = this.#termsOf(id);
    const until = before.session?.expiresAt;
    return this.#change(id, before, () => {
      this.#remove(this.#key(SESSION, id));
      if (until !== undefined) this.#remove(this.#expiryKey(until, id));
      this.#findBy(id, "", terms, []);
    });
  }

  /** Has a session changed by what is put and removed within the function, all of it or nothing. */
  #change(id: Buffer, before: Found | undefined, puts: () => void): Promise<boolean> {
    const key = this.#key(SESSION, id);
    const result = this.#begin(key, before, puts);
    // A commit that fails rejects one more promise, that of the batch, made in the next turn:
    // unhandled, it would end the process.
    setImmediate(() => this.#database.committed.then(ignore, ignore));
    return result;
  }

  #begin(key: Buffer, before: Found | undefined, puts: () => void): Promise<boolean> {
    if (before === undefined) return this.#database.ifNoExists(key, puts);
    // What is no session has no version to rely on.
    if (before.session === undefined) return this.#database.batch(puts);
    return this.#database.ifVersion(key, before.entry, puts);
  }

  #put(key: Buffer, value: Buffer, version = 0): void {
    void this.#database.put(key, value, version);
  }

  #remove(key: Buffer): void {
    void this.#database.remove(key);
  }

  /** Gives what a session is found by: the same as at the moment when it was read. */
  #termsOf(id: Buffer): readonly string[] {
    return JSON.parse(this.#database.getBinary(this.#key(FOUND_BY, id))?.toString() ?? "[]");
  }

  #findBy(id: Buffer, key: string, before: readonly string[], after: readonly string[]): void {
    if (after.join() === before.join()) return;
    const indexKey = (term: string): Buffer => this.#key(INDEX, hash(term), id);
    for (const term of before) this.#remove(indexKey(term));
    for (const term of after) this.#put(indexKey(term), Buffer.from(key));
    const foundBy = this.#key(FOUND_BY, id);
    if (after.length === 0) this.#remove(foundBy);
    else this.#put(foundBy, Buffer.from(JSON.stringify(after)));
  }

  #expiryKey(expiresAt: number, id: Buffer): Buffer {
    return this.#key(EXPIRY, encodeExpiry(expiresAt), id);
  }

  #key(...parts: readonly Buffer[]): Buffer {
    return Buffer.concat([this.#scope, ...parts]);
  }
}

/** Of what `getStats()` tells; the package's types leave it open. */
interface PageCounts {
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
  readonly pageSize: number;
}

/** Neither tags nor names of indexes have such a character. */
function termOf(application: string, index: string, value: string): string {
  return `${application}\0${index}\0${value}`;
}

function indexOf(term: string): string {
  return term.split("\0")[1] ?? "";
}

function nextTerms(
  key: string,
  before: readonly string[],
  { values, keeps }: { readonly values: IndexValues; readonly keeps: readonly string[] },
): readonly string[] {
  const given = Object.entries(values).filter(([, value]) => value !== null);
  return [
    ...given.map(([index, value]) => termOf(applicationOf(key), index, String(value))),
    ...before.filter((term) => keeps.includes(indexOf(term))),
  ];
}

function envelopeOf({ version, expiresAt, payload }: StoredSession): Buffer {
  return encodeEnvelope(Buffer.from(version, "hex"), expiresAt, payload);
}

function ignore(): void {}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
