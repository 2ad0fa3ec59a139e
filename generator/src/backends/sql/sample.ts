import type { StoredPayload, Target } from "../../live/live.js";
import { ownSessions, tagOf } from "../../live/own-sessions.js";
import type { Dialect } from "./dialect.js";
import type { RefillDatabase } from "./refill.js";
import { tableOf } from "./wanted.js";

/** Reads live sessions of the target's own, a page at a time; their keys lie together, behind the tag. */
export async function sampleSql(
  target: Target,
  dialect: Dialect,
  database: RefillDatabase,
  limit: number,
): Promise<readonly StoredPayload[]> {
  const isOwn = await ownSessions(target);
  const tag = await tagOf(target);
  const table = tableOf(dialect, target.options, { zod: 4, fields: [] });
  const job = { name: "sample", title: "sample", table, columns: [] };
  const sample: StoredPayload[] = [];
  let position = database.positionAt(`${tag}.`);
  while (sample.length < limit) {
    const page = await database.page(job, position);
    const last = page.at(-1);
    sample.push(...page.filter(({ key }) => isOwn(key)));
    if (last === undefined || !last.key.startsWith(`${tag}.`)) break;
    position = last.position;
  }
  return sample.slice(0, limit);
}
