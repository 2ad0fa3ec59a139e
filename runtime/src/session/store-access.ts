import { SessionError } from "../errors.js";
import { untilAborted } from "../stores/gate.js";
import type { Expectation, SessionStore, StoredSession, Version, WriteResult } from "../stores/store.js";
import type { EventHub } from "./events.js";
import { storeKey } from "./id.js";

/**
 * The store as the lifecycle uses it: by session id instead of key, with a deadline for every operation, and with every
 * failure as a {@link SessionError}.
 */
export class StoreAccess {
  readonly #open: () => SessionStore;
  readonly #timeout: number;
  readonly #events: EventHub;
  #store: SessionStore | undefined;

  constructor(store: SessionStore | (() => SessionStore), timeout: number, events: EventHub) {
    this.#open = typeof store === "function" ? store : () => store;
    this.#timeout = timeout;
    this.#events = events;
  }

  read(id: string): Promise<StoredSession | undefined> {
    return this.#within((store, signal) => store.read(storeKey(id), { signal }));
  }

  write(id: string, payload: Uint8Array, expect: Expectation, expiresAt: number): Promise<WriteResult> {
    return this.#within((store, signal) => store.write(storeKey(id), payload, { expect, expiresAt, signal }));
  }

  touch(id: string, expiresAt: number): Promise<boolean> {
    return this.#within((store, signal) => store.touch(storeKey(id), expiresAt, { signal }));
  }

  remove(id: string, expect?: Version): Promise<boolean> {
    return this.#within((store, signal) =>
      store.remove(storeKey(id), expect === undefined ? { signal } : { signal, expect }),
    );
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }

  async #within<T>(operate: (store: SessionStore, signal: AbortSignal) => Promise<T>): Promise<T> {
    const signal = AbortSignal.timeout(this.#timeout);
    try {
      this.#store ??= this.#open();
      // A store that ignores its signal must not hold the request up.
      return await untilAborted(this.#store.kind, operate(this.#store, signal), signal);
    } catch (cause) {
      const error =
        cause instanceof SessionError
          ? cause
          : new SessionError("store/unavailable", "The session store failed", { cause });
      this.#events.publish("store-error", { error });
      throw error;
    }
  }
}
