/**
 * Gives the application whose key it is: the tag that stands before the first dot. `""` where there
 * is none, as in keys that an application makes by itself.
 */
export function applicationOf(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf(".")));
}

/**
 * Gives what comes behind all keys of an application, where keys are compared by their bytes, as
 * {@link keyPrefixOf} gives what comes before; behind all keys there are, for the one without a
 * tag.
 */
export function keyEndOf(application: string | undefined): string {
  // The slash follows the dot; no character comes behind the last one.
  return application ? `${application}/` : "\u{10ffff}";
}

/**
 * Gives what every key of an application begins with; `""`, with which all begin, for the one
 * without a tag.
 */
export function keyPrefixOf(application: string | undefined): string {
  return application ? `${application}.` : "";
}
