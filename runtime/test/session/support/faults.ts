import { SessionError } from "../../../src/index.js";
import type { SessionStore } from "../../../src/stores/store.js";

/**
 * How an operation fails: before the store did anything, refused or not; after it did it; or after it, and with it every answer from
 * then on until the fault is taken away.
 */
export type Fault = "refused" | "lost before" | "lost after" | "lost after, and gone";

/** A store whose operations can be made to fail, one by its number or all. */
export interface FaultyStore {
  readonly store: SessionStore;
  /** The operations since the last {@link FaultyStore.fail}, by name. */
  readonly operations: string[];
  /** From now on operations are counted from 0, and that one fails; none, when there is none. */
  fail(fault: Fault | undefined, at?: number): void;
}

/** Wraps a store. */
export function faulty(inner: SessionStore): FaultyStore {
  const operations: string[] = [];
  let fault: Fault | undefined;
  let at = 0;
  const operate = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
    const number = operations.push(name) - 1;
    if (fault === "lost after, and gone" && number > at) throw new Error("connect ECONNREFUSED");
    if (fault === undefined || number !== at) return call();
    if (fault === "refused") throw new SessionError("store/full", "The store is full");
    if (fault !== "lost before") await call();
    throw new Error("read ECONNRESET");
  };
  const store: SessionStore = {
    kind: "faulty",
    read: (...args) => operate("read", () => inner.read(...args)),
    write: (...args) => operate("write", () => inner.write(...args)),
    touch: (...args) => operate("touch", () => inner.touch(...args)),
    remove: (...args) => operate("remove", () => inner.remove(...args)),
    findByIndex: (...args) => inner.findByIndex?.(...args) ?? none(),
    close: () => inner.close(),
  };
  return {
    store,
    operations,
    fail(next, number = 0) {
      operations.length = 0;
      fault = next;
      at = number;
    },
  };
}

async function* none(): AsyncGenerator<never> {}
