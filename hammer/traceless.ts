import type { SessionStore } from "../runtime/src/index.js";

/** A trace has no fields: its payload is shorter than any session's of the hammer. */
const TRACE = 20;

/**
 * The same store, in which nothing stays where a session was: as if moving and ending one removed
 * it.
 */
export function traceless(store: SessionStore): SessionStore {
  const { findByIndex, sweep } = store;
  return {
    kind: store.kind,
    read: (key, options) => store.read(key, options),
    async write(key, payload, options) {
      const result = await store.write(key, payload, options);
      if (result.ok && payload.byteLength < TRACE) await store.remove(key, { expect: result.version });
      return result;
    },
    touch: (key, expiresAt, options) => store.touch(key, expiresAt, options),
    remove: (key, options) => store.remove(key, options),
    ...(findByIndex && { findByIndex: (...args) => findByIndex.apply(store, args) }),
    ...(sweep && { sweep: (...args) => sweep.apply(store, args) }),
    close: () => store.close(),
  };
}
