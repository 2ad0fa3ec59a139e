import { SessgenError } from "../../errors.js";
import { noteFilled, openIndexes, standingsOf } from "../../live/index-notes.js";
import type { MigrateRequest, Step, Target } from "../../live/live.js";
import { withNodes } from "./connection.js";
import { listRedis } from "./list.js";
import { refill } from "./refill.js";

/**
 * Enters the sessions from before an index into it: there are no tables.
 * @throws SessgenError `migrate/failed`, `backend/…`
 */
export async function migrateIndexes(target: Target, request: MigrateRequest): Promise<readonly Step[]> {
  const { direction, dryRun } = request;
  // Entries end with their sessions: there is nothing to undo.
  if (target.indexes.length === 0 || direction === "down") return [];
  const open = openIndexes(await standingsOf(target, { list: listRedis }), request);
  const step = (name: string, state: Step["state"]): Step => ({ name: `index by_${name}`, state });
  if (direction === "status")
    return target.indexes.map((index) => step(index.name, open.includes(index) ? "pending" : "applied"));
  let state: Step["state"] = direction === "baseline" ? "baselined" : "applied";
  if (!dryRun && open.length > 0) {
    const done = direction === "baseline" || (await refillAll(target, request));
    if (done) await noteFilled(target, open, request);
    else state = "pending";
  }
  return open.map(({ name }) => step(name, state));
}

function refillAll(target: Target, request: MigrateRequest): Promise<boolean> {
  return withNodes(target, async (nodes) => {
    try {
      return await refill(target, nodes, request);
    } catch (cause) {
      if (cause instanceof SessgenError) throw cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new SessgenError("migrate/failed", `Redis refuses: ${message}`, { cause });
    }
  });
}
