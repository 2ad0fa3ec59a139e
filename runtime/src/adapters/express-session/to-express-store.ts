import type { EventEmitter } from "node:events";
import { callbackify } from "node:util";
import { isRecord } from "../../checks/is-record.js";
import { storeKey } from "../../crypto/identity.js";
import { SessionError } from "../../errors.js";
import { applicationOf } from "../../stores/shared/application.js";
import type { Expectation, SessionStore, Version } from "../../stores/store.js";
import type { Clock } from "../../time/clock.js";
import { Deadline } from "../../time/deadline.js";

/** Options of {@link asExpressStore}. */
export interface AsExpressStoreOptions {
  /**
   * What tells these sessions from others in the same store. Default: they are an application's of
   * its own, without an id.
   */
  readonly application?: string;
  /** How long sessions live whose cookie ends with the browser, in milliseconds. Default: a day. */
  readonly lifetime?: number;
  /** The longest an operation may take, in milliseconds. Default 2000. */
  readonly timeout?: number;
  /** The current time; `Date.now` unless replaced. */
  readonly clock?: Clock;
  /**
   * The key that a session is stored under, made from express-session's id; its SHA-256 unless
   * replaced. Nothing of how sessions of ours are set up reaches a store, so give here what their
   * keys should have in common with these, or what tells applications apart that share a store:
   * `(id) => storeKey(id, { application, name: "admin" })`. One that can be turned back lets
   * whoever reads the store take sessions over.
   */
  readonly deriveKey?: (id: string) => string;
}

/** What express-session hands to its store. */
interface ExpressSession {
  /** Not in what other users of such stores put there. */
  readonly cookie?: { expires?: Date | string | null | undefined };
}

/** The part of express-session's `Store` that is extended here. */
interface ExpressStoreBase extends EventEmitter {
  createSession(request: object, session: ExpressSession): ExpressSession;
}

type Callback<T> = (error: Error | null, result?: T) => void;

/** As express-session's stores are called, and, without a callback, answering with a promise. */
export interface PromisedExpressStore {
  get<Session>(sid: string): Promise<Session | undefined>;
  set(sid: string, session: object): Promise<void>;
  touch(sid: string, session: object): Promise<void>;
  destroy(sid: string): Promise<void>;
  /** Gives all sessions, where the store can list them; their ids are nowhere in the store. */
  all?<Session>(): Promise<Session[]>;
  length?(): Promise<number>;
  clear?(): Promise<void>;
}

const DAY = 86_400_000;

/**
 * Makes any store of ours a store for express-session:
 * `session({ store: asExpressStore(session.Store, store), … })`. Store keys are hashes of session
 * ids, as everywhere here. A session that was destroyed or has expired while a request was under
 * way is not brought back when that request saves it; otherwise the last to save wins. `all`,
 * `length` and `clear` are there where the store can list its sessions. Whoever calls without a
 * callback gets a promise.
 *
 * @param Store - `Store` of the express-session in use: it makes the sessions, so it has to come
 *   from the very same copy
 * @param store - closed by the application, not by express-session
 */
export function asExpressStore<Store>(
  Store: abstract new () => Store,
  store: SessionStore,
  options: AsExpressStoreOptions = {},
): Store & PromisedExpressStore {
  const { application = "", lifetime = DAY, timeout = 2000, clock = Date.now } = options;
  const { deriveKey = (id: string) => storeKey(id, { application }) } = options;
  /** The stored state that a session was read from, or was last written as. */
  const versions = new WeakMap<ExpressSession, Version>();

  const inTime = <T>(work: (deadline: Deadline) => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => new Deadline(store.kind, timeout).wait(work, resolve, reject));

  const expiryOf = (session: ExpressSession): number => {
    const expiresAt = endOf(session) ?? clock() + lifetime;
    if (!Number.isNaN(expiresAt)) return expiresAt;
    throw new SessionError("store/invalid-expiry", "The session's cookie.expires is no date");
  };

  const load = async (sid: string): Promise<ExpressSession | undefined> => {
    const stored = await inTime((deadline) => store.read(deriveKey(sid), deadline));
    const session = stored && parse(stored.payload);
    if (stored === undefined || session === undefined) return undefined;
    // Touching moves the expiry of what is stored, not what is in it.
    if (session.cookie?.expires) session.cookie.expires = new Date(stored.expiresAt);
    versions.set(session, stored.version);
    return session;
  };

  const save = (sid: string, session: ExpressSession): Promise<void> =>
    inTime(async (deadline) => {
      const key = deriveKey(sid);
      const payload = Buffer.from(JSON.stringify(session));
      // In a request, express-session refuses to make such a cookie, and passes that on: once is
      // enough.
      const isToldOf = "req" in session && Number.isNaN(endOf(session));
      const expiresAt = isToldOf ? clock() + lifetime : expiryOf(session);
      let expect: Expectation = versions.get(session) ?? "any";
      for (;;) {
        const result = await store.write(key, payload, deadline.and({ expect, expiresAt }));
        if (result.ok) {
          versions.set(session, result.version);
          return;
        }
        if (result.current === undefined) return;
        expect = result.current.version;
      }
    });

  const touch = async (sid: string, session: ExpressSession): Promise<void> => {
    await inTime((deadline) => store.touch(deriveKey(sid), expiryOf(session), deadline));
  };

  const destroy = async (sid: string): Promise<void> => {
    await inTime((deadline) => store.remove(deriveKey(sid), deadline));
  };

  class AdaptedStore extends (Store as unknown as new () => ExpressStoreBase) {
    override createSession(request: object, data: ExpressSession): ExpressSession {
      const version = versions.get(data);
      // express-session looks into the cookie of every session.
      const session = super.createSession(request, Object.assign(data, { cookie: data.cookie ?? {} }));
      if (version !== undefined) versions.set(session, version);
      return session;
    }

    get(sid: string, callback?: Callback<ExpressSession>): unknown {
      return answer(load(sid), callback as Callback<unknown>);
    }

    set(sid: string, session: ExpressSession, callback?: Callback<void>): unknown {
      return answer(save(sid, session), callback);
    }

    touch(sid: string, session: ExpressSession, callback?: Callback<void>): unknown {
      return answer(touch(sid, session), callback);
    }

    destroy(sid: string, callback?: Callback<void>): unknown {
      return answer(destroy(sid), callback);
    }
  }
  const adapted = new AdaptedStore();
  // Users look whether these are there.
  if (store.list !== undefined) Object.assign(adapted, listing(store, applicationOf(deriveKey("")), inTime));
  return adapted as unknown as Store & PromisedExpressStore;
}

/** What goes through all sessions of an application. */
function listing(
  store: SessionStore,
  application: string,
  inTime: <T>(work: (deadline: Deadline) => Promise<T>) => Promise<T>,
): object {
  const each = async (visit: (key: string, session: ExpressSession) => unknown): Promise<void> => {
    const pages = store.list?.({ application })[Symbol.asyncIterator]();
    for (;;) {
      const page = await inTime(async () => pages?.next());
      if (page === undefined || page.done) return;
      for (const { key, stored } of page.value) {
        const session = parse(stored.payload);
        if (session !== undefined) await visit(key, session);
      }
    }
  };
  const all = async (): Promise<ExpressSession[]> => {
    const sessions: ExpressSession[] = [];
    await each((_key, session) => sessions.push(session));
    return sessions;
  };
  const length = async (): Promise<number> => (await all()).length;
  const clear = (): Promise<void> => each((key) => inTime((deadline) => store.remove(key, deadline)));
  return {
    all: (callback?: Callback<ExpressSession[]>) => answer(all(), callback),
    length: (callback?: Callback<number>) => answer(length(), callback),
    clear: (callback?: Callback<void>) => answer(clear(), callback),
  };
}

/**
 * Calls back, outside of the promise; without a callback, gives the promise. Nobody has to look at
 * it: express-session itself does not.
 */
function answer<T>(work: Promise<T>, callback: Callback<T> | undefined): Promise<T> | undefined {
  if (callback !== undefined) {
    callbackify(() => work)(callback as Callback<unknown>);
    return undefined;
  }
  work.catch(() => {});
  return work;
}

/**
 * When the cookie ends; `NaN` where that is no time, `undefined` where it ends with the browser.
 */
function endOf({ cookie }: ExpressSession): number | undefined {
  return cookie?.expires ? new Date(cookie.expires).getTime() : undefined;
}

/** Anything but an object, whose cookie is one if there is any, is no session. */
function parse(payload: Uint8Array): ExpressSession | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(payload));
    return isRecord(value) && (value["cookie"] === undefined || isRecord(value["cookie"]))
      ? (value as ExpressSession)
      : undefined;
  } catch {
    return undefined;
  }
}
