import { backfillPage, NONE } from "../generator/src/live/backfill.js";
import { isSessionKey, type SessionStore } from "../runtime/src/index.js";
import { storedRewrites } from "../runtime/src/session/records/stored-rewrites.js";
import type { Random } from "./random.js";
import { rewriteOptions } from "./session.js";

/** How many of the keys that were written last are rewritten again and again. */
const RECENT = 16;

/** A store whose sessions are written anew while clients work on them. */
export interface Backfilled {
  readonly store: SessionStore;
  /** Waits for what is under way, and gives how many sessions were written anew. */
  end(): Promise<number>;
}

/**
 * Does to the sessions that clients have written what `sessgen backfill` does, without a pause: now
 * in one format, now in another, so that there is always something to write.
 */
export function backfilled(store: SessionStore, random: Random): Backfilled {
  const recent: string[] = [];
  let rewritten = 0;
  let ended = false;
  const rewrites = (["json", "packed"] as const).map((serializer) =>
    storedRewrites({ ...rewriteOptions, serializer }),
  );
  const work = async (): Promise<void> => {
    for (let turn = 0; !ended; turn += 1) {
      const rewrite = rewrites[turn % 2];
      const key = recent[random.below(Math.max(1, recent.length))];
      const stored = key === undefined ? undefined : await store.read(key);
      if (rewrite === undefined || key === undefined || stored === undefined) {
        // Nothing was written yet, or it ended: clients first.
        await new Promise((resolve) => setTimeout(resolve, 1));
        continue;
      }
      const page = { records: [{ key, payload: stored.payload }] };
      const counts = await backfillPage(page, NONE, {
        store,
        rewrite,
        isSession: isSessionKey,
        dryRun: false,
      });
      rewritten += counts.rewritten;
      // A turn for others: stores in this process never wait.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const working = work();
  const { findByIndex } = store;
  const watched: SessionStore = {
    kind: store.kind,
    ...(store.atomic === false && { atomic: false }),
    ...(store.maxBytes !== undefined && { maxBytes: store.maxBytes }),
    read: (key, options) => store.read(key, options),
    write: (key, payload, options) => {
      if (isSessionKey(key) && !recent.includes(key) && recent.push(key) > RECENT) recent.shift();
      return store.write(key, payload, options);
    },
    touch: (key, expiresAt, options) => store.touch(key, expiresAt, options),
    remove: (key, options) => store.remove(key, options),
    ...(findByIndex && { findByIndex: (...args) => findByIndex.apply(store, args) }),
    close: () => store.close(),
  };
  return {
    store: watched,
    async end() {
      ended = true;
      await working;
      return rewritten;
    },
  };
}
