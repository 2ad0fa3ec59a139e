import type { ListRequest, Target } from "../../live/live.js";
import { ownSessions } from "../../live/own-sessions.js";
import type { Total } from "../../live/progress.js";
import { withSessions } from "./connection.js";
import { PAGE, wanted } from "./refill.js";

const ROLE = "the role read";

/** Goes through records in the order of their keys. */
export function listMongodb(target: Target, { after, onPage }: ListRequest): Promise<void> {
  return withSessions(target, ROLE, async (sessions) => {
    const own = await ownSessions(target);
    const { collection, prefix } = sessions;
    for (let position = after; ; ) {
      const filter = wanted(sessions, own, undefined, position);
      const found = await collection.find(filter, { sort: { _id: 1 }, limit: PAGE }).toArray();
      position = found.at(-1)?._id;
      if (position === undefined) return;
      const records = found.flatMap(({ _id, payload }) =>
        payload instanceof Uint8Array ? [{ key: _id.slice(prefix.length), payload }] : [],
      );
      if (!(await onPage({ records, position }))) return;
    }
  });
}

/** Counts the records that {@link listMongodb} comes by. */
export function countMongodb(target: Target): Promise<Total> {
  return withSessions(target, ROLE, async (sessions) => {
    const filter = wanted(sessions, await ownSessions(target), undefined);
    return { count: await sessions.collection.countDocuments(filter), exact: true };
  });
}
