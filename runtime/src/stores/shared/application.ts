/**
 * Gives the application whose key it is: the tag that stands before the first dot. `""` where there
 * is none, as in keys that an application makes by itself.
 */
export function applicationOf(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf(".")));
}

/**
 * Gives what every key of an application begins with; `""`, with which all begin, for the one
 * without a tag.
 */
export function keyPrefixOf(application: string | undefined): string {
  return application ? `${application}.` : "";
}
