import { hash } from "node:crypto";

/** What tells sessions from those of others in the same store. */
export interface IdentityNames {
  /** The application's random id, from the lock. */
  readonly application: string;
  /** Which installation of the application. */
  readonly realm?: string;
  /** Which kind of sessions. */
  readonly name?: string;
}

/** Whose sessions these are. */
export interface Identity {
  /**
   * Stands in front of every key, for everybody to see: 8 characters of base64url, of which not two
   * applications of a server have the same.
   */
  readonly tag: string;
  /**
   * What keys, signatures and encrypted data are bound to: 43 characters of base64url. Not secret.
   */
  readonly text: string;
}

/**
 * Makes the identity of an application's sessions: different for any other application,
 * installation or kind.
 */
export function identityOf({
  application,
  realm = "",
  name = "",
}: {
  readonly application: string;
  readonly realm?: string | undefined;
  readonly name?: string | undefined;
}): Identity {
  const text = hash("sha256", `sessgen\0${application}\0${realm}\0${name}`, "base64url");
  return { tag: text.slice(0, 8), text };
}

/**
 * Makes of a session id the key that the session is stored under: the tag, a dot, and SHA-256 of
 * identity and id. Whoever reads the store, or a backup of it, cannot make cookies from what is
 * found there. Ids are random, so neither salt nor a slow hash adds anything.
 */
export function keyMaker({ tag, text }: Identity): (id: string) => string {
  return (id) => `${tag}.${hash("sha256", text + id, "base64url")}`;
}

/**
 * Gives the key that the session of an id is stored under, unless the application has a `deriveKey`
 * of its own. For tools and tests.
 */
export function storeKey(id: string, names: IdentityNames): string {
  return keyMaker(identityOf(names))(id);
}
