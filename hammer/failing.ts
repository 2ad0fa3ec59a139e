import { SessionError, type SessionStore } from "../runtime/src/index.js";
import type { Random } from "./random.js";

/** Of so many operations one fails. */
const FAILING = 25;
/** How late one may be done whose caller waits no longer, in milliseconds. */
const LATEST = 20;

/** A store whose operations fail at random. */
export interface FailingStore {
  readonly store: SessionStore;
  /** How many have failed. */
  readonly failures: number;
  /** From now on none fails; resolves when the late ones are done, too. */
  calm(): Promise<void>;
}

/**
 * Has operations fail before the store did anything, after it did it, and before it does it: an
 * answer that did not come in time says nothing.
 */
export function failing(inner: SessionStore, random: Random): FailingStore {
  let [calm, failures] = [false, 0];
  const late = new Set<Promise<unknown>>();
  const lost = (): SessionError => new SessionError("store/unavailable", "The hammer cut the connection");

  const falls = (): boolean => {
    if (calm || random.below(FAILING) !== 0) return false;
    failures += 1;
    return true;
  };
  const ask = async <T>(operate: () => Promise<T>): Promise<T> => {
    if (falls()) throw lost();
    return operate();
  };
  const change = async <T>(operate: () => Promise<T>): Promise<T> => {
    if (!falls()) return operate();
    const when = random.pick(["never", "before", "later"]);
    if (when === "before") await operate();
    if (when !== "later") throw lost();
    const done = new Promise((resolve) => setTimeout(resolve, random.below(LATEST)))
      .then(operate)
      .catch(() => {});
    late.add(done);
    void done.then(() => late.delete(done));
    throw new SessionError("store/timeout", "The hammer holds the operation up");
  };

  const store: SessionStore = {
    kind: inner.kind,
    ...(inner.atomic === false && { atomic: false as const }),
    ...(inner.maxBytes !== undefined && { maxBytes: inner.maxBytes }),
    read: (...args) => ask(() => inner.read(...args)),
    // The runtime writes into its buffer again as soon as it has an answer.
    write: (key, payload, options) => {
      const own = payload.slice();
      return change(() => inner.write(key, own, options));
    },
    touch: (...args) => change(() => inner.touch(...args)),
    remove: (...args) => change(() => inner.remove(...args)),
    ...(inner.findByIndex && {
      async *findByIndex(...args: Parameters<NonNullable<SessionStore["findByIndex"]>>) {
        for await (const page of inner.findByIndex?.(...args) ?? []) {
          if (falls()) throw lost();
          yield page;
        }
      },
    }),
    ...(inner.sweep && { sweep: (...args) => ask(async () => (await inner.sweep?.(...args)) ?? 0) }),
    close: () => inner.close(),
  };
  return {
    store,
    get failures() {
      return failures;
    },
    async calm() {
      calm = true;
      await Promise.all(late);
    },
  };
}
