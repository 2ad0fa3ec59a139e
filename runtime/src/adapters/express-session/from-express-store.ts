import { type Given, givenBy } from "../../stores/shared/given.js";
import { KeyValueStore, type KeyValues } from "../../stores/shared/key-value-store.js";
import type { SessionStore } from "../../stores/store.js";
import type { Clock } from "../../time/clock.js";

export { type AsExpressStoreOptions, asExpressStore } from "./to-express-store.js";

/**
 * What is used of a store for express-session. `never`: applications give its sessions types of
 * their own.
 */
export interface ExpressStoreLike {
  get(sid: string, callback: (error: unknown, session?: unknown) => void): unknown;
  set(sid: string, session: never, callback: (error?: unknown) => void): unknown;
  destroy(sid: string, callback: (error?: unknown) => void): unknown;
}

/** Options of {@link expressStore}. */
export interface ExpressStoreOptions {
  /**
   * A store for express-session, or a function that gives or imports it at the first use; `close()`
   * leaves it open.
   */
  readonly store: Given<ExpressStoreLike>;
  /** The current time; `Date.now` unless replaced. Expiry in the store goes by its own clock. */
  readonly clock?: Clock;
}

/**
 * Keeps sessions in any store made for express-session. Atomic within this process only: such
 * stores have no conditional writes, so processes that write one session at once lose changes, and
 * one of them may bring a destroyed session back.
 */
export function expressStore({ store, clock }: ExpressStoreOptions): SessionStore {
  return new KeyValueStore({
    kind: "express-store",
    // These stores have prefixes of their own.
    prefix: "",
    clock,
    sweeps: false,
    async open() {
      const owner = await givenBy(store, "express-store", "destroy");
      return { owner, values: valuesOf(owner) };
    },
  });
}

/**
 * `touch` is not among them: stores that have it move their own expiry, and leave the session's as
 * it was.
 */
function valuesOf(store: ExpressStoreLike): KeyValues {
  return {
    async get(key) {
      const session = await called<unknown>((callback) => store.get(key, callback)).catch(
        (error: unknown) => {
          // As express-session takes it: stores that keep files do not look before they read.
          if (Reflect.get(Object(error), "code") !== "ENOENT") throw error;
        },
      );
      return Reflect.get(Object(session), "sessgen");
    },
    async set(key, value, lifetime) {
      const session = { cookie: cookieFor(lifetime), sessgen: value };
      await called<void>((callback) => store.set(key, session as never, callback));
    },
    async remove(key) {
      await called<void>((callback) => store.destroy(key, callback));
    },
  };
}

/**
 * The cookie of a session, which is where stores look for its end. A second more: some cut off what
 * is no whole second.
 */
function cookieFor(lifetime: number): object {
  const maxAge = lifetime + 1000;
  return {
    originalMaxAge: maxAge,
    maxAge,
    expires: new Date(Date.now() + maxAge),
    httpOnly: true,
    path: "/",
  };
}

function called<T>(
  work: (callback: (error?: unknown, result?: T) => void) => unknown,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const callback = (error?: unknown, result?: T): void => {
      if (error === undefined || error === null) resolve(result);
      else reject(error);
    };
    // Newer ones give a promise as well, which is rejected where they forget to call back.
    Promise.resolve(work(callback)).catch(reject);
  });
}
