import type { SessionStore } from "../../stores/store.js";
import { isCarrier, type SessionCarrier } from "../../transports/carrier.js";

type Store = SessionStore | SessionCarrier;

/** A store that is opened when it is needed. */
export interface StoreSource {
  open(): Store;
  /** Closes what was opened, unless it was handed on to newer sessions. */
  close(): Promise<void>;
}

/** Opens a store for these sessions alone. */
export function ownStore(open: () => Store): StoreSource {
  let opened: Store | undefined;
  return {
    open() {
      opened ??= open();
      return opened;
    },
    close: async () => closed(opened),
  };
}

async function closed(store: Store | undefined): Promise<void> {
  if (store !== undefined && !isCarrier(store)) await store.close();
}

interface Held {
  store: Store | undefined;
  /** The newest sessions that have it. */
  owner: object;
}

/** Where a module finds what it has left behind when it was loaded the last time. */
const held = Symbol.for("sessgen.stores");

/**
 * Opens a store, or takes over the one that the same module opened when it was loaded before: hot
 * reload loads modules anew, in the same process, and would otherwise leave a connection each time,
 * and with the memory store all sessions. In production, where `NODE_ENV` says so or says nothing,
 * nothing is loaded twice, and nothing handed on, unless the store has a name.
 *
 * @param open - as it is emitted: its text has the store's options
 * @param whose - tells applications and kinds of sessions apart
 * @param named - what the store is called in all of its modules, where a framework bundles the same
 *   one several times: it has another text in each
 */
export function handedOn(open: () => Store, whose: string, named?: string): StoreSource {
  const process: Partial<NodeJS.Process> = globalThis.process ?? {};
  const environment = process.env?.["NODE_ENV"];
  if (named === undefined && (!environment || environment === "production")) return ownStore(open);
  const root = globalThis as { [held]?: Map<string, Held> };
  root[held] ??= new Map();
  const stores = root[held];
  // Another configuration is another store.
  const key = [whose, process.cwd?.(), named ?? open].join("\n");
  const owner = {};
  const entry = stores.get(key) ?? { store: undefined, owner };
  entry.owner = owner;
  stores.set(key, entry);
  return {
    open() {
      entry.store ??= open();
      return entry.store;
    },
    async close() {
      if (entry.owner !== owner) return;
      if (stores.get(key) === entry) stores.delete(key);
      await closed(entry.store);
    },
  };
}
