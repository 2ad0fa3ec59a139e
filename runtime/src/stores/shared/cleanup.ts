import type { Clock } from "../../time/clock.js";
import type { SessionStore } from "../store.js";
import { applicationOf } from "./application.js";

/** Options of stores whose backend deletes nothing by itself. */
export interface CleanupOptions {
  /**
   * Delete expired sessions about every so many requests. Default 1000; 0 for never, when
   * `sessgen sweep` or a scheduler does it.
   */
  readonly cleanup?: number;
  /** The current time; `Date.now` unless replaced. */
  readonly clock?: Clock;
}

/**
 * How many expired sessions one cleanup deletes at most, so that it stays short beside the
 * requests.
 */
const BATCH = 1000;

/**
 * Deletes expired sessions once in a while, for backends that do not do so themselves: about every
 * n-th request starts a sweep that nobody waits for. Which request it is, is drawn: the processes
 * of one application do not sweep in step.
 */
export class Cleanup {
  readonly #every: number;
  #running: Promise<unknown> | undefined;

  constructor({ cleanup = 1000 }: CleanupOptions) {
    this.#every = cleanup;
  }

  /**
   * Sweeps now and then. Called where a request with a session shows: after the read that begins
   * it, and after the write of a new session, before which nothing was read. A failed sweep is no
   * failure of that request: a later one tries again.
   * @param key - of the request's session: others' sessions are for others to sweep
   */
  afterRequest(store: Required<Pick<SessionStore, "sweep">>, key: string): void {
    if (this.#every === 0 || this.#running !== undefined || Math.random() * this.#every >= 1) return;
    this.#running = store
      .sweep({ application: applicationOf(key), limit: BATCH })
      .catch(() => {})
      .finally(() => {
        this.#running = undefined;
      });
  }
}
