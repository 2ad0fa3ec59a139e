import type { Clock } from "../../time/clock.js";
import { type Given, givenBy } from "../shared/given.js";
import { KeyValueStore } from "../shared/key-value-store.js";
import type { SessionStore } from "../store.js";

/** What is used of an unstorage `Storage`. */
export interface StorageLike {
  getItem(key: string): Promise<unknown>;
  setItem(key: string, value: string, options: { ttl: number }): Promise<void>;
  removeItem(key: string): Promise<void>;
  getKeys(base: string): Promise<string[]>;
}

/** Options of {@link unstorageStore}. */
export interface UnstorageStoreOptions {
  /**
   * A storage of the application's, or a function that gives or imports it at the first use;
   * `close()` does not dispose of it.
   */
  readonly storage: Given<StorageLike>;
  /**
   * What every key begins with; colons separate, as in all keys of unstorage. Default `session:`.
   */
  readonly prefix?: string;
  /**
   * The current time; `Date.now` unless replaced. Drivers that know `ttl` go by their own clock.
   */
  readonly clock?: Clock;
}

/**
 * Keeps sessions in anything unstorage has a driver for. Atomic within this process only: unstorage
 * has no conditional writes, so processes that write one session at once lose changes, and one of
 * them may bring a destroyed session back.
 */
export function unstorageStore(options: UnstorageStoreOptions): SessionStore {
  const { storage, clock } = options;
  // To unstorage, slashes and question marks in a key have a meaning; dots have one to some
  // drivers.
  const prefix = (options.prefix ?? "session:").replace(/[^\w:-]/gu, encode);
  return new KeyValueStore({
    kind: "unstorage",
    prefix,
    clock,
    sweeps: true,
    async open() {
      const owner = await givenBy(storage, "unstorage", "getItem");
      const values = {
        async get(key: string) {
          const value = await owner.getItem(key);
          // The fs driver gives errors back instead of throwing them.
          if (value instanceof Error) throw value;
          return value;
        },
        set: (key: string, value: string, lifetime: number) =>
          owner.setItem(key, value, { ttl: Math.ceil(lifetime / 1000) }),
        remove: (key: string) => owner.removeItem(key),
        async *keys() {
          yield* await owner.getKeys(prefix.slice(0, prefix.lastIndexOf(":") + 1));
        },
      };
      return { owner, values };
    },
  });
}

function encode(character: string): string {
  return `%${Buffer.from(character).toString("hex")}`;
}
