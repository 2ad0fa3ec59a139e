import { hash } from "node:crypto";

/**
 * Gives what a session is called on a page that lists somebody's sessions. Made from its key, which
 * has the application in it and is itself made from the id: nobody gets back to either of them, and
 * it has not the form of an id. Another id is another handle.
 */
export function handleOf(key: string): string {
  return hash("sha256", `sessgen-handle\0${key}`, "base64url").slice(0, 22);
}
