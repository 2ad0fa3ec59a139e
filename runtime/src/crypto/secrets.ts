/**
 * Secrets, or what makes them when the sessions are made: where a secret is missing, `onStoreError`
 * then decides what happens.
 */
export type Secrets = readonly string[] | (() => readonly string[]);

/** Gives the secrets themselves. Throws what the function throws. */
export function secretsOf(secrets: Secrets): readonly string[] {
  return typeof secrets === "function" ? secrets() : secrets;
}
