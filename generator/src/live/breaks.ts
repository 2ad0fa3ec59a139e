import { setTimeout as sleep } from "node:timers/promises";

/** What part of the time work beside traffic may take, unless the command says otherwise. */
const SHARE = 0.5;

/** How long work and pauses take is told by one; tests move another. */
export interface WorkClock {
  now(): number;
  /** Ends early, and without an error, when it is aborted. */
  sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void>;
}

const real: WorkClock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
};

/** Options of {@link Breaks}. */
export interface BreaksOptions {
  /** What part of the time may be work, above 0 and at most 1. */
  readonly share?: number;
  /** The least that a pause takes, in milliseconds. */
  readonly least?: number;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: WorkClock;
}

/**
 * Pauses behind pieces of work, in proportion to how long each took: requests wait no longer where
 * it takes long.
 */
export class Breaks {
  readonly #share: number;
  readonly #least: number;
  readonly #signal: AbortSignal | undefined;
  readonly #clock: WorkClock;
  #begun: number;

  constructor({ share = SHARE, least = 0, signal, clock = real }: BreaksOptions = {}) {
    this.#share = share;
    this.#least = least;
    this.#signal = signal;
    this.#clock = clock;
    this.#begun = clock.now();
  }

  /** Ends a piece of work; the next one begins when the pause is over. */
  pause(): Promise<void> {
    return this.#rest(this.#least);
  }

  /**
   * Pauses within a piece of work, in proportion to what was done of it so far, however short that
   * is. What was done in less than can be slept for is rested for later.
   */
  breathe(): Promise<void> {
    return this.#rest(0);
  }

  async #rest(least: number): Promise<void> {
    const took = this.#clock.now() - this.#begun;
    const pause = Math.max(least, took * (1 / this.#share - 1));
    if (pause < 1) return;
    await this.#clock.sleep(pause, this.#signal);
    this.#begun = this.#clock.now();
  }
}

/** Makes what does work and pauses behind it. @param share - what part of the time may be work */
export function withBreaks(share?: number): <T>(work: () => Promise<T>) => Promise<T> {
  return async (work) => {
    const breaks = new Breaks(share === undefined ? {} : { share });
    const result = await work();
    await breaks.pause();
    return result;
  };
}
