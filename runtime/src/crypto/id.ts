import { randomBytes } from "node:crypto";

/**
 * 256 bits: nobody guesses one, even among all sessions of the largest site (OWASP asks for at
 * least 64 of entropy).
 */
const ID_BYTES = 32;

/**
 * What an id looks like: base64url of 16 to 64 bytes. Anything else is not looked up. Not only of
 * as many bytes as the config asks for: ids from before it asked for others stay good.
 */
export const idPattern: RegExp = /^[A-Za-z0-9_-]{22,86}$/;

/** Makes a new session id from the CSPRNG, in base64url. */
export function generateId(bytes: number = ID_BYTES): string {
  return randomBytes(bytes).toString("base64url");
}
