import type { SessionStore } from "../runtime/src/index.js";

/**
 * The same store with its conditional writes switched off: whoever writes last wins, and brings
 * back what was destroyed.
 */
export function unconditional(store: SessionStore): SessionStore {
  const { findByIndex } = store;
  return {
    kind: store.kind,
    read: (key, options) => store.read(key, options),
    write: (key, payload, options) => store.write(key, payload, { ...options, expect: "any" }),
    touch: (key, expiresAt, options) => store.touch(key, expiresAt, options),
    remove: (key, { expect: _, ...options } = {}) => store.remove(key, options),
    ...(findByIndex && { findByIndex: (...args) => findByIndex.apply(store, args) }),
    close: () => store.close(),
  };
}
