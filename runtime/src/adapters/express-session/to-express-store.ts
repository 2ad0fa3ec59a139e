import type { EventEmitter } from "node:events";
import { callbackify } from "node:util";
import { isRecord } from "../../checks/is-record.js";
import { storeKey } from "../../crypto/identity.js";
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

const DAY = 86_400_000;

/**
 * Makes any store of ours a store for express-session:
 * `session({ store: asExpressStore(session.Store, store), … })`. Store keys are hashes of session
 * ids, as everywhere here. A session that was destroyed or has expired while a request was under
 * way is not brought back when that request saves it; otherwise the last to save wins. There is no
 * `all`, `length` and `clear`: no store of ours lists its sessions.
 *
 * @param Store - `Store` of the express-session in use: it makes the sessions, so it has to come
 *   from the very same copy
 * @param store - closed by the application, not by express-session
 */
export function asExpressStore<Store>(
  Store: abstract new () => Store,
  store: SessionStore,
  options: AsExpressStoreOptions = {},
): Store {
  const { application = "", lifetime = DAY, timeout = 2000, clock = Date.now } = options;
  const { deriveKey = (id: string) => storeKey(id, { application }) } = options;
  /** The stored state that a session was read from, or was last written as. */
  const versions = new WeakMap<ExpressSession, Version>();

  const inTime = <T>(work: (deadline: Deadline) => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => new Deadline(store.kind, timeout).wait(work, resolve, reject));

  const expiryOf = ({ cookie }: ExpressSession): number =>
    cookie?.expires ? new Date(cookie.expires).getTime() : clock() + lifetime;

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
      const expiresAt = expiryOf(session);
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

    get(sid: string, callback: Callback<ExpressSession>): void {
      callbackify(load)(sid, callback as Callback<ExpressSession | undefined>);
    }

    set(sid: string, session: ExpressSession, callback: Callback<void> = ignore): void {
      callbackify(save)(sid, session, callback);
    }

    touch(sid: string, session: ExpressSession, callback: Callback<void> = ignore): void {
      callbackify(touch)(sid, session, callback);
    }

    destroy(sid: string, callback: Callback<void> = ignore): void {
      callbackify(destroy)(sid, callback);
    }
  }
  return new AdaptedStore() as Store;
}

function ignore(): void {}

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
