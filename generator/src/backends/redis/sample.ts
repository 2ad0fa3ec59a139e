import type { StoredPayload, Target } from "../../live/live.js";
import { withStore } from "../../live/open-store.js";
import { ownSessions } from "../../live/own-sessions.js";
import { withNodes } from "./connection.js";
import { prefixOf, scan } from "./refill.js";

/** Reads live sessions of the target's own, in the order in which the servers name them. */
export async function sampleRedis(target: Target, limit: number): Promise<readonly StoredPayload[]> {
  const own = await ownSessions(target);
  const prefix = prefixOf(target);
  const keys = new Set<string>();
  await withNodes(target, async (nodes) => {
    for (const node of nodes.filter(({ replica }) => !replica)) {
      for await (const names of scan(node, prefix + own.prefix)) {
        for (const name of names) {
          const key = name.slice(prefix.length);
          if (own.has(key)) keys.add(key);
        }
        if (keys.size >= limit) return;
      }
    }
  });
  return withStore(target, async (store) => {
    const sample: StoredPayload[] = [];
    for (const key of [...keys].slice(0, limit)) {
      const stored = await store.read(key);
      if (stored !== undefined) sample.push({ key, payload: stored.payload });
    }
    return sample;
  });
}
