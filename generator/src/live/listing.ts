import type { SessionStore } from "@sessgen/runtime";
import type { Live, StoredPayload, Target } from "./live.js";
import { ownSessions } from "./own-sessions.js";

/**
 * Reads some live sessions of the target's own, whichever are found first; `undefined` where
 * commands cannot list sessions. Changes nothing.
 * @param limit - the most that are looked at
 */
export async function sampleOf(
  target: Target,
  live: Live | undefined,
  store: SessionStore,
  limit: number,
): Promise<readonly StoredPayload[] | undefined> {
  if (live?.list === undefined) return undefined;
  const own = await ownSessions(target);
  const sample: StoredPayload[] = [];
  await live.list(target, {
    store,
    async onPage({ records }) {
      sample.push(...records.filter(({ key }) => own.has(key)));
      return sample.length < limit;
    },
  });
  return sample.slice(0, limit);
}
