import { keyPrefixOf } from "../shared/application.js";
import type { SweepCursor } from "../store.js";
import type { Execute } from "./client.js";
import type { MysqlStatements } from "./statements.js";

/**
 * How many sessions one statement of a sweep deletes: it locks them, and replicas repeat it as a
 * whole.
 */
export const BATCH = 1000;

/**
 * How many expired sessions a sweep looks for at once, for several of its batches. While somebody
 * holds a snapshot, what was deleted stays in the index: the fewer looks, the fewer times it is
 * passed by.
 */
const EXPIRED = 5000;

/** Statements name ids by the multiple of so many: few texts to be prepared. */
export const STEP = 100;

/** Where a sweep goes on. */
interface Position {
  /** What was found and not deleted yet. */
  readonly ids: readonly Buffer[];
  /** No expiry before this one is looked for any more. */
  readonly from: number;
  /** There is nothing behind these. */
  readonly isLast: boolean;
}

/** What one batch is of. */
export interface SweepStep {
  readonly statements: MysqlStatements;
  readonly now: number;
  readonly application: string | undefined;
  readonly limit: number | undefined;
}

/** Deletes the next ones that a sweep has found, or looks for more of them. */
export async function sweepOn(
  execute: Execute,
  cursor: SweepCursor,
  { statements, now, application, limit = BATCH }: SweepStep,
): Promise<number> {
  const prefix = Buffer.from(keyPrefixOf(application));
  const position = cursor.position as Position | undefined;
  let { ids, from, isLast } = position ?? { ids: [], from: 0, isLast: false };
  const own = [now, prefix.length, prefix];
  if (position === undefined && cursor.counts)
    cursor.total = Number((await execute(statements.countExpired, own)).rows[0]?.[0]);
  if (ids.length === 0 && !isLast) {
    const { rows } = await execute(statements.expired, [...own, from, String(EXPIRED)]);
    ids = rows.map(([id]) => id as Buffer);
    isLast = rows.length < EXPIRED;
    from = Number(rows.at(-1)?.[1] ?? from);
  }
  const these = ids.slice(0, Math.min(limit, BATCH));
  const padded = paddedTo(STEP, these);
  const count =
    these.length === 0 ? 0 : (await execute(statements.sweepThese(padded.length), [now, ...padded])).count;
  const rest = ids.slice(these.length);
  cursor.position = { ids: rest, from, isLast } satisfies Position;
  cursor.seen = (cursor.seen ?? 0) + these.length;
  cursor.done = isLast && rest.length === 0;
  return count;
}

/**
 * Gives the same ones, and the last once more until there are as many as a multiple of the step.
 */
export function paddedTo<T>(step: number, items: readonly T[]): readonly T[] {
  const [last] = items.slice(-1);
  if (last === undefined) return items;
  const count = Math.ceil(items.length / step) * step;
  return [...items, ...Array.from({ length: count - items.length }, () => last)];
}
