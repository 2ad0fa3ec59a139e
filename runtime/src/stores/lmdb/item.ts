import { createHash } from "node:crypto";
import type { Database, RootDatabase } from "lmdb";
import { applicationOf } from "../shared/application.js";
import { decodeEnvelope, encodeEnvelope, encodeExpiry } from "../shared/envelope.js";
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

/**
 * Sessions as entries of an LMDB database. Keys have at most 1978 bytes there: session keys and
 * values of indexes are hashed, so that any text will do.
 */
export class LmdbRecords {
  readonly #database: Database<Buffer, Buffer>;
  readonly #scope: Buffer;

  /**
   * @param root - the environment; whatever else it holds has other names
   * @param prefix - keeps sessions of several applications apart
   */
  constructor(root: RootDatabase, prefix: string) {
    this.#database = root.openDB({ name: "sessgen", encoding: "binary", keyEncoding: "binary" });
    this.#scope = hash(prefix).subarray(0, 8);
  }

  /** Does the work in a write transaction; what throws changes nothing. */
  transaction<T>(work: () => T): Promise<T> {
    // A child of its own: transactions that begin together are committed together.
    const result = this.#database.childTransaction(work);
    // A commit that fails rejects one more promise, that of the batch, made in the next turn:
    // unhandled, it would end the process.
    setImmediate(() => this.#database.committed.then(ignore, ignore));
    return result;
  }

  /**
   * Lets go of the snapshot of this turn of the event loop: what others have committed meanwhile is
   * read from now on.
   */
  refresh(): void {
    this.#database.resetReadTxn();
  }

  get(key: string): StoredSession | undefined {
    const bytes = this.#database.getBinary(this.#key(SESSION, hash(key)));
    return bytes && decodeEnvelope(bytes);
  }

  /**
   * Stores a session.
   * @param stored - what {@link get} gives, expired or not
   */
  put(key: string, session: StoredSession, stored: StoredSession | undefined): void {
    const id = hash(key);
    const version = Buffer.from(session.version, "hex");
    const envelope = encodeEnvelope(version, session.expiresAt, session.payload);
    this.#database.putSync(this.#key(SESSION, id), envelope);
    if (stored?.expiresAt === session.expiresAt) return;
    if (stored !== undefined) this.#database.removeSync(this.#expiryKey(stored.expiresAt, id));
    this.#database.putSync(this.#expiryKey(session.expiresAt, id), Buffer.from(applicationOf(key)));
  }

  /**
   * Removes a session.
   * @param stored - what {@link get} gives, expired or not
   */
  remove(key: string, stored: StoredSession): void {
    const id = hash(key);
    this.#drop(id, this.#expiryKey(stored.expiresAt, id));
  }

  /** Removes sessions that have ended, of an application or of all; returns how many. */
  removeExpired(now: number, limit: number, application: string | undefined): number {
    const start = this.#key(EXPIRY);
    const end = this.#key(EXPIRY, encodeExpiry(now), AFTER);
    const expired: Buffer[] = [];
    for (const { key, value } of this.#database.getRange({ start, end })) {
      if (application === undefined || value.toString() === application) expired.push(key);
      if (expired.length === limit) break;
    }
    for (const entry of expired) this.#drop(entry.subarray(start.length + 8), entry);
    return expired.length;
  }

  /**
   * Makes the session found by these values, and by no others but those of indexes that are left as
   * they are.
   */
  findBy(key: string, values: IndexValues, keeps: readonly string[] = []): void {
    this.#findBy(hash(key), key, values, keeps);
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

  #drop(id: Buffer, expiryKey: Buffer): void {
    this.#database.removeSync(this.#key(SESSION, id));
    this.#database.removeSync(expiryKey);
    this.#findBy(id, "", {}, []);
  }

  #findBy(id: Buffer, key: string, values: IndexValues, keeps: readonly string[]): void {
    const foundBy = this.#key(FOUND_BY, id);
    const before = this.#database.getBinary(foundBy)?.toString() ?? "[]";
    const terms: readonly string[] = JSON.parse(before);
    const given = Object.entries(values).filter(([, value]) => value !== null);
    const after = JSON.stringify([
      ...given.map(([index, value]) => termOf(applicationOf(key), index, String(value))),
      ...terms.filter((term) => keeps.includes(indexOf(term))),
    ]);
    if (after === before) return;
    const indexKey = (term: string): Buffer => this.#key(INDEX, hash(term), id);
    for (const term of terms) this.#database.removeSync(indexKey(term));
    for (const term of JSON.parse(after)) this.#database.putSync(indexKey(term), Buffer.from(key));
    if (after === "[]") this.#database.removeSync(foundBy);
    else this.#database.putSync(foundBy, Buffer.from(after));
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

function ignore(): void {}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
