import { hash, randomBytes } from "node:crypto";

/** 256 bits: nobody guesses one, even among all sessions of the largest site (OWASP asks for at least 64 of entropy). */
const ID_BYTES = 32;

/** What an id looks like: 43 characters of base64url. Anything else is not looked up. */
export const idPattern: RegExp = /^[A-Za-z0-9_-]{43}$/;

/** A new session id from the CSPRNG. */
export function generateId(): string {
  return randomBytes(ID_BYTES).toString("base64url");
}

/**
 * The key a session is stored under: SHA-256 of its id. Whoever reads the store, or a backup of it, cannot make
 * cookies from what is found there. Ids are random, so neither salt nor a slow hash adds anything.
 *
 * @param name - of this kind of sessions, where there are several: the id of one kind then finds nothing of another, whatever store
 *   they share
 */
export function storeKey(id: string, name?: string): string {
  return hash("sha256", name === undefined ? id : `${name}\0${id}`, "base64url");
}
