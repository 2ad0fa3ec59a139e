import type { Versions } from "./versions.js";

/** Two values of a field: what the older version writes, and then the newer one. */
type Values = readonly [older: unknown, newer: unknown];

/**
 * Makes what tells what each version reads of the other's writing: first the newer one, then the
 * older one.
 * @param options - `anew`: the newer version writes a session of its own
 */
export function readByBoth(
  field: string,
  [before, after]: Values,
  { anew = false } = {},
): (versions: Versions) => Promise<Values> {
  return async ({ older, newer, cookies }) => {
    await older.visit((session) => {
      session[field] = before;
    });
    const read = await newer.visit((session) => session[field]);
    if (anew) cookies.clear();
    await newer.visit((session) => {
      session[field] = after;
    });
    return [read, await older.visit((session) => session[field])];
  };
}
