import type { Versions } from "./versions.js";

/** What the older version reads of its own session, once the newer one has written it: 2, or 0. */
export async function writtenByNewer({ older, newer }: Versions): Promise<unknown> {
  await older.visit((session) => {
    session.visits = 1;
  });
  await newer.visit((session) => {
    session.visits += 1;
  });
  return older.visit((session) => session.visits);
}
