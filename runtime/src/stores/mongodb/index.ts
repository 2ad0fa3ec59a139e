import type { Collection, Filter, MongoClient } from "mongodb";
import { SessionError } from "../../errors.js";
import type { Clock } from "../../time/clock.js";
import { timedOut } from "../../time/deadline.js";
import { applicationOf, keyPrefixOf } from "../shared/application.js";
import { conditionally } from "../shared/conditional-write.js";
import { Gate, repeat, untilAborted } from "../shared/gate.js";
import { type Given, givenBy } from "../shared/given.js";
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
import { connect } from "./client.js";
import { describe, isDuplicate, isLost, isUnsent } from "./errors.js";
import { byFields, live, type SessionDocument } from "./item.js";

/** Options of {@link mongodbStore}. */
export interface MongodbStoreOptions {
  /**
   * `mongodb://` or `mongodb+srv://`; the connection is made at the first use. Timeouts of the driver that it does not name
   * are set to fit a deadline of two seconds.
   */
  readonly url?: string;
  /**
   * A MongoClient of the application's own, instead of `url`, or a function that gives or imports one at the first use; `close()`
   * leaves it open.
   */
  readonly client?: Given<MongoClient>;
  /** Default: the one in the url, or else `test`, as the driver has it. */
  readonly database?: string;
  /** Default `sessions`. */
  readonly collection?: string;
  /** What every `_id` begins with, so that several applications can share a collection. Default: nothing. */
  readonly prefix?: string;
  /** The current time; `Date.now` unless replaced. The server deletes expired sessions by a clock of its own. */
  readonly clock?: Clock;
}

/**
 * Keeps sessions in a collection of MongoDB 5 or later, one document each:
 * `{ _id, payload, version, expiresAt, by_user_id, … }`. Needs no index to be correct; with a TTL index on `expiresAt` the
 * server deletes what has expired, and with one on `by_…` it finds sessions without looking at all of them.
 */
export function mongodbStore(options: MongodbStoreOptions): SessionStore {
  return new MongodbStore(options);
}

/** The longest document; https://www.mongodb.com/docs/manual/reference/limits/#mongodb-limit-BSON-Document-Size */
const MAX_DOCUMENT = 16 * 1024 * 1024;

/** How many sessions a lookup reads at a time. */
const PAGE = 100;

/** How many sessions are deleted at a time. */
const BATCH = 500;

/** How often a write begins anew because somebody created or removed the session in between. */
const ATTEMPTS = 5;

/** Milliseconds after which the server itself gives up an operation on one document. */
const MAX_TIME = { maxTimeMS: 2000 };

class MongodbStore implements SessionStore {
  readonly kind = "mongodb";
  readonly #options: MongodbStoreOptions;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #gate = new Gate("mongodb");
  #client: Promise<MongoClient> | undefined;

  constructor(options: MongodbStoreOptions) {
    this.#options = options;
    this.#prefix = options.prefix ?? "";
    this.#clock = options.clock ?? Date.now;
  }

  read(key: string, options?: OperationOptions): Promise<StoredSession | undefined> {
    const { signal } = options ?? {};
    return this.#repeat(signal, async (collection) => {
      const stored = await collection.findOne({ _id: this.#prefix + key }, { ...MAX_TIME, signal });
      return stored === null ? undefined : live(stored, this.#clock());
    });
  }

  write(key: string, payload: Uint8Array, options: WriteOptions): Promise<WriteResult> {
    const { expect, expiresAt, index, signal } = options;
    const _id = this.#prefix + key;
    const version = randomVersion().toString("hex");
    const fields = { payload, version, expiresAt: new Date(expiresAt) };
    const work = async (collection: Collection<SessionDocument>): Promise<WriteResult> => {
      if (payload.byteLength > MAX_DOCUMENT) {
        throw new SessionError("store/too-large", "The session is larger than a document of MongoDB may be");
      }
      for (let attempt = 1; ; attempt += 1) {
        const now = new Date(this.#clock());
        try {
          if (expect === "absent") {
            // Where a live session is, the filter matches nothing and the insertion meets its _id.
            const filter = { _id, expiresAt: { $lte: now } };
            const document = { ...fields, ...byFields(index).set };
            await collection.replaceOne(filter, document, { ...MAX_TIME, upsert: true });
            return { ok: true, version };
          }
          const filter = expect === "any" ? { _id } : { _id, version: expect, expiresAt: { $gt: now } };
          const { set, unset } = byFields(index);
          const change = { $set: { ...fields, ...set }, ...(unset !== undefined && { $unset: unset }) };
          const upsert = expect === "any";
          const done = await collection.updateOne(filter, change, { ...MAX_TIME, upsert });
          if (done.matchedCount + done.upsertedCount > 0) return { ok: true, version };
        } catch (error) {
          if (!isDuplicate(error) || attempt === ATTEMPTS) throw error;
          if (expect !== "absent") continue;
        }
        const stored = await collection.findOne({ _id }, { ...MAX_TIME, signal });
        // What was in the way of a creation has been removed since.
        if (stored === null && expect === "absent" && attempt < ATTEMPTS) continue;
        const current = stored === null ? undefined : live(stored, this.#clock());
        // A lost connection may have hidden that this very write was done already.
        return current?.version === version ? { ok: true, version } : { ok: false, current };
      }
    };
    return conditionally("mongodb", isLost, isUnsent, (mayRepeat) => this.#repeat(signal, work, mayRepeat));
  }

  touch(key: string, expiresAt: number, options?: TouchOptions): Promise<TouchResult> {
    const { expect, signal } = options ?? {};
    return this.#repeat<TouchResult>(signal, async (collection) => {
      const change = { $set: { expiresAt: new Date(expiresAt) } };
      const alive = this.#alive(key);
      const filter = { ...alive, ...(expect !== undefined && { version: expect }) };
      if ((await collection.updateOne(filter, change, MAX_TIME)).matchedCount > 0) return "touched";
      if (expect === undefined) return "gone";
      const other = await collection.findOne(alive, { ...MAX_TIME, projection: { _id: 1 }, signal });
      return other === null ? "gone" : "changed";
    });
  }

  remove(key: string, options?: RemoveOptions): Promise<boolean> {
    const { expect, signal } = options ?? {};
    // Not repeated here: who removed the session would be unknown. The driver repeats it where the server knows.
    return this.#run(signal, async (collection) => {
      const filter = { ...this.#alive(key), ...(expect !== undefined && { version: expect }) };
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        if ((await collection.deleteOne(filter, MAX_TIME)).deletedCount > 0) return true;
        // FerretDB says so, too, of a session that somebody touches at that moment, and leaves it there.
        if ((await collection.findOne(filter, { ...MAX_TIME, projection: { _id: 1 } })) === null)
          return false;
      }
      throw new SessionError("store/locked", "The session could not be removed: others kept changing it");
    });
  }

  async *findByIndex(
    index: string,
    value: string,
    { application, signal }: FindOptions,
  ): AsyncGenerator<readonly IndexedSession[]> {
    const by = `by_${index}` as const;
    const cursor = await this.#run(signal, async (collection) => {
      const filter: Filter<SessionDocument> = {
        [by]: { $eq: value },
        expiresAt: { $gt: new Date(this.#clock()) },
        ...this.#own(application),
      };
      return collection.find(filter, { batchSize: PAGE, signal });
    });
    try {
      for (;;) {
        const page = await this.#run(signal, async () => {
          const first = await cursor.next();
          // What came with the first one: the next batch is the next page.
          return first === null ? [] : [first, ...cursor.readBufferedDocuments()];
        });
        if (page.length === 0) return;
        yield page.flatMap((document) => {
          const stored = live(document, this.#clock());
          const key = String(document._id).slice(this.#prefix.length);
          return stored && applicationOf(key) === application ? [{ key, stored, confirmed: true }] : [];
        });
      }
    } finally {
      // The server forgets an abandoned cursor by itself, if it cannot be told.
      cursor.close().catch(() => undefined);
    }
  }

  async sweep(options?: SweepOptions): Promise<number> {
    const { limit = Number.POSITIVE_INFINITY, signal } = options ?? {};
    let deleted = 0;
    for (;;) {
      const batch = Math.min(BATCH, limit - deleted);
      if (batch <= 0) return deleted;
      const expired = { expiresAt: { $lte: new Date(this.#clock()) } };
      const { found, gone } = await this.#run(signal, async (collection) => {
        const filter = { ...expired, ...this.#own(options?.application) };
        const documents = await collection
          .find(filter, { projection: { _id: 1 }, limit: batch, signal })
          .toArray();
        if (documents.length === 0) return { found: 0, gone: 0 };
        // One that was begun anew in between is left alone.
        const these = { _id: { $in: documents.map(({ _id }) => _id) }, ...expired };
        return { found: documents.length, gone: (await collection.deleteMany(these)).deletedCount };
      });
      deleted += gone;
      if (found < batch) return deleted;
    }
  }

  async close(): Promise<void> {
    if (!this.#gate.close()) return;
    await this.#gate.idle();
    if (this.#options.client !== undefined) return;
    const client = await this.#client?.catch(() => undefined);
    await client?.close();
  }

  #alive(key: string): { readonly _id: string; readonly expiresAt: { readonly $gt: Date } } {
    return { _id: this.#prefix + key, expiresAt: { $gt: new Date(this.#clock()) } };
  }

  /** The keys of an application, or of all: strings are compared by their bytes, and no character comes after the last one. */
  #own(application: string | undefined): { readonly _id?: { readonly $gte: string; readonly $lt: string } } {
    const prefix = this.#prefix + keyPrefixOf(application);
    return prefix === "" ? {} : { _id: { $gte: prefix, $lt: `${prefix}\u{10ffff}` } };
  }

  /** {@link #run}, and once more where the connection was lost; for what may be done twice. */
  #repeat<T>(
    signal: AbortSignal | undefined,
    work: (collection: Collection<SessionDocument>) => Promise<T>,
    mayRepeat = isLost,
  ): Promise<T> {
    return this.#run(signal, (collection) => repeat(() => work(collection), mayRepeat, { signal }));
  }

  async #run<T>(
    signal: AbortSignal | undefined,
    work: (collection: Collection<SessionDocument>) => Promise<T>,
  ): Promise<T> {
    this.#gate.begin(signal);
    try {
      return await untilAborted("mongodb", this.#collection().then(work), signal);
    } catch (error) {
      // The driver, too, may have heeded the signal.
      throw signal?.aborted ? timedOut("mongodb", error) : describe(error);
    } finally {
      this.#gate.end();
    }
  }

  async #collection(): Promise<Collection<SessionDocument>> {
    const { client, url, database, collection } = this.#options;
    this.#client ??= client === undefined ? connect(url) : givenBy(client, "mongodb", "db");
    return (await this.#client).db(database).collection(collection ?? "sessions", {
      // A secondary may lag behind: conditions are checked where writes are.
      readPreference: "primary",
      promoteBuffers: true,
      promoteValues: true,
      raw: false,
    });
  }
}
