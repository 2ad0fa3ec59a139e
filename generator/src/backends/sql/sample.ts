import type { StoredPayload, Target } from "../../live/live.js";
import { ownSessions } from "../../live/own-sessions.js";
import type { Dialect } from "./dialect.js";
import type { RefillDatabase } from "./refill.js";
import { tableOf } from "./wanted.js";

/**
 * Reads live sessions of the target's own, a page at a time; their keys lie together, behind the
 * tag.
 */
export async function sampleSql(
  target: Target,
  dialect: Dialect,
  database: RefillDatabase,
  limit: number,
): Promise<readonly StoredPayload[]> {
  const own = await ownSessions(target);
  const table = tableOf(dialect, target.options, { zod: 4, fields: [] });
  const job = { name: "sample", title: "sample", table, columns: [] };
  const sample: StoredPayload[] = [];
  let position: string | undefined;
  while (sample.length < limit) {
    const page = await database.page(job, own, position);
    sample.push(...page.filter(({ key }) => own.has(key)));
    position = page.at(-1)?.position;
    if (position === undefined) break;
  }
  return sample.slice(0, limit);
}
