import { pause } from "./pause.js";

/** How work beside requests is cut into batches. */
export interface PaceOptions {
  /** The most that one batch does. Default 1000. */
  readonly limit?: number;
  /** The least between two batches, in milliseconds: the turn of the requests. Default 10. */
  readonly pause?: number;
  /**
   * What part of the time batches may take, above 0 and at most 1: after one that took long comes
   * a pause in proportion. Default 0.5.
   */
  readonly share?: number;
}

/**
 * How long a batch should take, in milliseconds. Who makes a request meanwhile waits for no more
 * than that, where the store works within the process; elsewhere the server has hardly more to do.
 */
const AIM = 20;

/**
 * What the first batch does, of which nobody knows yet how long it takes, and the least that any
 * does unless it may do no more: where a server takes its time for whatever it is asked, batches
 * that do less would only be more of them.
 */
const LEAST = 200;

/**
 * Paces work that is done beside requests: each batch does as much as takes some milliseconds, by
 * how long the one before took, and the pause behind it is in proportion to that.
 */
export class Pace {
  readonly #limit: number;
  readonly #pause: number;
  readonly #share: number;
  #size: number;

  constructor({ limit = 1000, pause: least = 10, share = 0.5 }: PaceOptions = {}) {
    this.#limit = limit;
    this.#pause = least;
    this.#share = share;
    this.#size = Math.min(limit, LEAST);
  }

  /** How much the next batch does. */
  get size(): number {
    return this.#size;
  }

  /**
   * Waits between two batches, at most until the signal aborts.
   * @param took - how long the last one took, in milliseconds
   */
  async rest(took: number, signal?: AbortSignal): Promise<void> {
    const fitting = Math.max(LEAST, Math.floor((this.#size * AIM) / Math.max(took, AIM / 2)));
    this.#size = Math.min(this.#limit, fitting);
    await pause(Math.max(this.#pause, took * (1 / this.#share - 1)), signal);
  }
}
