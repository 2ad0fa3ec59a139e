import { randomBytes } from "node:crypto";

/**
 * 64 random bits for a state about to be written. Drawn anew for every write, so that a version is not met again
 * after a session was removed and created anew, on whichever host that happens.
 */
export function randomVersion(): Buffer {
  return randomBytes(8);
}

/** The same for backends whose versions are integers: 53 random bits, exact in a JavaScript number. */
export function randomVersionNumber(): number {
  return Number(randomBytes(8).readBigUInt64BE() >> 11n);
}
