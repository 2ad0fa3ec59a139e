import { randomBytes } from "node:crypto";

/** Random bytes in stock: the generator charges by the call. */
let pool = Buffer.alloc(0);
let at = 0;

/**
 * Draws 64 random bits for a state about to be written. Drawn anew for every write, so that a
 * version is not met again after a session was removed and created anew, on whichever host that
 * happens.
 */
export function randomVersion(): Buffer {
  if (at === pool.length) {
    pool = randomBytes(4096);
    at = 0;
  }
  at += 8;
  return pool.subarray(at - 8, at);
}

/**
 * Does the same for backends whose versions are integers: 53 random bits, exact in a JavaScript
 * number.
 */
export function randomVersionNumber(): number {
  return Number(randomVersion().readBigUInt64BE() >> 11n);
}
