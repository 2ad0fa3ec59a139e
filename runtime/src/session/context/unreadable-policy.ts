const WEEK = 7 * 24 * 60 * 60_000;

/**
 * What is done with a stored session that cannot be read. In either case the visitor is anonymous,
 * and the record stays until it expires: whoever wrote it may still be able to read it.
 *
 * `quarantine`: its bytes are also kept aside for 7 days, or for so many milliseconds, to find out
 * what is wrong with them. They are what the session was: in plain text unless it is encrypted, and
 * beyond its lifetime, logout and `destroyBy`.
 */
export type UnreadablePolicy = "forget" | "quarantine" | { readonly quarantine: number };

/** Tells for how long bytes are kept aside, in milliseconds; `undefined`: they are not. */
export function quarantineTime(policy: UnreadablePolicy): number | undefined {
  if (typeof policy === "object") return policy.quarantine;
  return policy === "quarantine" ? WEEK : undefined;
}
