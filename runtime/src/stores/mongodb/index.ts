import type { Collection, Filter, FindCursor, MongoClient, WithId } from "mongodb";
import { SessionError } from "../../errors.js";
import type { Clock } from "../../time/clock.js";
import { applicationOf, keyEndOf, keyPrefixOf } from "../shared/application.js";
import { conditionally } from "../shared/conditional-write.js";
import { Connector, type How } from "../shared/connector.js";
import { type Given, givenBy } from "../shared/given.js";
import { LONG_PAGE, PAGE } from "../shared/pages.js";
import { randomVersion } from "../shared/version.js";
import type {
  FindBeginningsOptions,
  FindOptions,
  FoundBeginning,
  IndexedSession,
  ListedEntry,
  ListOptions,
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
import { connect, connected } from "./client.js";
import { describe, isDuplicate, isLost, isStranded, isUnsent } from "./errors.js";
import { byFields, live, type SessionDocument } from "./item.js";

/** Options of {@link mongodbStore}. */
export interface MongodbStoreOptions {
  /**
   * `mongodb://` or `mongodb+srv://`; the connection is made at the first use. Timeouts of the
   * driver that it does not name are set to fit a deadline of two seconds.
   */
  readonly url?: string;
  /**
   * A MongoClient of the application's own, instead of `url`, or a function that gives or imports
   * one at the first use; `close()` leaves it open.
   */
  readonly client?: Given<MongoClient>;
  /** Default: the one in the url, or else `test`, as the driver has it. */
  readonly database?: string;
  /** Default `sessions`. */
  readonly collection?: string;
  /**
   * What every `_id` begins with, so that several applications can share a collection. Default:
   * nothing.
   */
  readonly prefix?: string;
  /**
   * The current time; `Date.now` unless replaced. The server deletes expired sessions by a clock of
   * its own.
   */
  readonly clock?: Clock;
}

/**
 * Keeps sessions in a collection of MongoDB 5 or later, one document each:
 * `{ _id, payload, version, expiresAt, by_user_id, … }`. Needs no index to be correct; with a TTL
 * index on `expiresAt` the server deletes what has expired, and with one on `by_…` it finds
 * sessions without looking at all of them.
 */
export function mongodbStore(options: MongodbStoreOptions): SessionStore {
  return new MongodbStore(options);
}

/**
 * The longest document;
 * https://www.mongodb.com/docs/manual/reference/limits/#mongodb-limit-BSON-Document-Size
 */
const MAX_DOCUMENT = 16 * 1024 * 1024;

/** How many sessions are deleted at a time. */
const BATCH = 500;

/** How often a write begins anew because somebody created or removed the session in between. */
const ATTEMPTS = 5;

/** Milliseconds after which the server itself gives up an operation on one document. */
const MAX_TIME = { maxTimeMS: 2000 };

const conditional = conditionally("mongodb", isLost, isUnsent);

class MongodbStore implements SessionStore {
  readonly kind = "mongodb";
  readonly #options: MongodbStoreOptions;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #connector: Connector<MongoClient>;

  constructor(options: MongodbStoreOptions) {
    this.#options = options;
    this.#prefix = options.prefix ?? "";
    this.#clock = options.clock ?? Date.now;
    const { client, url } = options;
    this.#connector = new Connector({
      kind: this.kind,
      open: () => (client === undefined ? connect(url) : givenBy(client, "mongodb", "db").then(connected)),
      close: (own) => client ?? own.close(),
      isLost,
      ...(client === undefined && { isStranded }),
      describe,
    });
  }

  read(key: string, options?: OperationOptions): Promise<StoredSession | undefined> {
    const { signal } = options ?? {};
    return this.#run(options, async (collection) => {
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
    return this.#run(options, work, conditional);
  }

  touch(key: string, expiresAt: number, options?: TouchOptions): Promise<TouchResult> {
    const { expect, signal } = options ?? {};
    return this.#run<TouchResult>(options, async (collection) => {
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
    const expect = options?.expect;
    // Not repeated here: who removed the session would be unknown. The driver repeats it where the
    // server knows.
    const work = async (collection: Collection<SessionDocument>): Promise<boolean> => {
      const filter = { ...this.#alive(key), ...(expect !== undefined && { version: expect }) };
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        if ((await collection.deleteOne(filter, MAX_TIME)).deletedCount > 0) return true;
        // FerretDB says so, too, of a session that somebody touches at that moment, and leaves it
        // there.
        if ((await collection.findOne(filter, { ...MAX_TIME, projection: { _id: 1 } })) === null)
          return false;
      }
      throw new SessionError("store/locked", "The session could not be removed: others kept changing it");
    };
    return this.#run(options, work, { repeats: () => false });
  }

  async *findByIndex(
    index: string,
    value: string,
    { application, ...options }: FindOptions,
  ): AsyncGenerator<readonly IndexedSession[]> {
    for await (const page of this.#pages(options, having(index, value)))
      yield this.#live(page, application).map((entry) => ({ ...entry, confirmed: true }));
  }

  async *findBeginnings(
    index: string,
    value: string,
    { application, bytes, ...options }: FindBeginningsOptions,
  ): AsyncGenerator<readonly FoundBeginning[]> {
    // An index of the application's own may have the expiry, too, and what is touched moves in it.
    const seen = new Set<string>();
    for await (const page of this.#pages(options, having(index, value), LONG_PAGE))
      yield this.#live(page, application).flatMap(({ key, stored }) => {
        if (seen.has(key)) return [];
        seen.add(key);
        return [{ key, beginning: stored.payload.subarray(0, bytes) }];
      });
  }

  async *list({ application, ...options }: ListOptions): AsyncGenerator<readonly ListedEntry[]> {
    const filter = { expiresAt: { $gt: new Date(this.#clock()) }, ...this.#own(application) };
    for await (const page of this.#pages(options, filter)) yield this.#live(page, application);
  }

  async sweep(options?: SweepOptions): Promise<number> {
    const { limit = Number.POSITIVE_INFINITY, signal, cursor } = options ?? {};
    if (cursor?.counts && cursor.total === undefined) {
      const filter = { expiresAt: { $lte: new Date(this.#clock()) }, ...this.#own(options?.application) };
      cursor.total = await this.#run(options, (collection) => collection.countDocuments(filter, { signal }));
    }
    let deleted = 0;
    for (;;) {
      const batch = Math.min(BATCH, limit - deleted);
      if (batch <= 0) return deleted;
      const expired = { expiresAt: { $lte: new Date(this.#clock()) } };
      const { found, gone } = await this.#run(options, async (collection) => {
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
      if (cursor !== undefined) cursor.seen = (cursor.seen ?? 0) + found;
      if (found < batch) return deleted;
    }
  }

  async close(): Promise<void> {
    await this.#connector.close();
  }

  /** What a filter finds, in pages. */
  async *#pages(
    options: OperationOptions,
    filter: Filter<SessionDocument>,
    batchSize: number = PAGE,
  ): AsyncGenerator<readonly WithId<SessionDocument>[]> {
    const { signal } = options;
    let cursor: FindCursor<WithId<SessionDocument>> | undefined;
    try {
      let page = await this.#run(options, (collection) => {
        // One that has failed says that it is at its end: who repeats begins with another one.
        cursor = collection.find(filter, { batchSize, signal });
        return pageOf(cursor);
      });
      while (cursor !== undefined && page.length > 0) {
        yield page;
        const going = cursor;
        page = await this.#run(options, () => pageOf(going), { repeats: () => false });
      }
    } finally {
      // The server forgets an abandoned cursor by itself, if it cannot be told.
      cursor?.close().catch(() => undefined);
    }
  }

  /** The live sessions of an application among documents. */
  #live(page: readonly WithId<SessionDocument>[], application: string): readonly ListedEntry[] {
    const now = this.#clock();
    return page.flatMap((document) => {
      const id = String(document._id);
      if (!id.startsWith(this.#prefix)) return [];
      const key = id.slice(this.#prefix.length);
      const stored = applicationOf(key) === application ? live(document, now) : undefined;
      return stored ? [{ key, stored }] : [];
    });
  }

  #alive(key: string): { readonly _id: string; readonly expiresAt: { readonly $gt: Date } } {
    return { _id: this.#prefix + key, expiresAt: { $gt: new Date(this.#clock()) } };
  }

  /** The keys of an application, or of all: strings are compared by their bytes. */
  #own(application: string | undefined): { readonly _id?: { readonly $gte: string; readonly $lt: string } } {
    const prefix = this.#prefix + keyPrefixOf(application);
    return prefix === "" ? {} : { _id: { $gte: prefix, $lt: this.#prefix + keyEndOf(application) } };
  }

  #run<T>(
    options: OperationOptions | undefined,
    work: (collection: Collection<SessionDocument>) => Promise<T>,
    how?: How<NoInfer<T>>,
  ): Promise<T> {
    const { database, collection = "sessions" } = this.#options;
    const open = (client: MongoClient): Collection<SessionDocument> =>
      client.db(database).collection(collection, {
        // A secondary may lag behind: conditions are checked where writes are.
        readPreference: "primary",
        promoteBuffers: true,
        promoteValues: true,
        raw: false,
      });
    return this.#connector.run(options, (client) => work(open(client)), how);
  }
}

/**
 * What has a value. Nothing else is asked of the server: it would have to look at each document for
 * the key and the expiry, which takes some servers longer than to hand it over.
 */
function having(index: string, value: string): Filter<SessionDocument> {
  return { [`by_${index}` as const]: { $eq: value } };
}

/** Gives what came together: the next batch is the next page. */
async function pageOf(
  cursor: FindCursor<WithId<SessionDocument>>,
): Promise<readonly WithId<SessionDocument>[]> {
  const first = await cursor.next();
  return first === null ? [] : [first, ...cursor.readBufferedDocuments()];
}
