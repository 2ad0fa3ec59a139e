import type { Clock } from "../time/clock.js";

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /** Moves the clock by so many milliseconds. */
  advance(milliseconds: number): void;
}

/** Makes a clock that begins at the given instant, in milliseconds since the Unix epoch. */
export function fakeClock(start: number = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start;
  return Object.assign(() => now, {
    advance(milliseconds: number): void {
      now += milliseconds;
    },
  });
}
