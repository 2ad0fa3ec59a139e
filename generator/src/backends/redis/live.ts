import type { Live } from "../../live/live.js";
import { withNodes } from "./connection.js";
import { countRedis, listRedis } from "./list.js";
import { migrateIndexes } from "./migrate.js";
import { verifyNode } from "./verify.js";

/** Redis: there are no tables; only sessions from before an index have to be entered into it. */
export const redis: Live = {
  migrate: migrateIndexes,
  async verify(target) {
    return withNodes(target, async (nodes) => {
      const drifts = await Promise.all(nodes.map((node) => verifyNode(target, node)));
      return drifts.flat();
    });
  },
  list: listRedis,
  count: countRedis,
};
