import type { StoredSession, Version } from "../store.js";

/** Tells whether it is the state that an operation is tied to, or the operation is tied to none. */
export function isExpected(
  { version }: StoredSession,
  options: { readonly expect?: Version } | undefined,
): boolean {
  return options?.expect === undefined || options.expect === version;
}
