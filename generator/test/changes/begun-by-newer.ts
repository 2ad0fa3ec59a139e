import type { Versions } from "./versions.js";

/** What the older version reads of a session that the newer one has begun. */
export async function begunByNewer({ older, newer }: Versions): Promise<unknown> {
  await newer.visit((session) => {
    session["visits"] = 1;
  });
  return older.visit((session) => session["visits"]);
}
