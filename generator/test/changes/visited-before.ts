import type { Versions } from "./versions.js";

/** What the newer version reads of a visit to the older one: 1, or 0 where it knows nothing of it. */
export async function visitedBefore({ older, newer }: Versions): Promise<unknown> {
  await older.visit((session) => {
    session.visits = 1;
  });
  return newer.visit((session) => session.visits);
}
