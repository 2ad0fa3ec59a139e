import type { SweepCursor } from "../../stores/store.js";
import { Pace, type PaceOptions } from "../../time/pace.js";

/** How expired sessions are deleted: `limit` records in one batch at most, 1000 unless given. */
export interface SweepBatches extends PaceOptions {
  /** Ends the sweep after the batch under way. */
  readonly signal?: AbortSignal;
  /** Called after each batch with how many records were deleted so far. */
  readonly onBatch?: (deleted: number) => void;
}

/**
 * Deletes batch after batch, beside traffic: each in some milliseconds, with pauses in proportion.
 * It ends when the store says that all was looked at or, where it does not say, with a batch that
 * is not full: sessions that expire meanwhile are for the next sweep, which otherwise might never
 * end.
 *
 * @param sweep - deletes at most so many, and says how many
 * @param cursor - where the store stands; handed to `sweep` each time
 * @returns how many records were deleted
 */
export async function sweepInBatches(
  sweep: (limit: number, cursor: SweepCursor) => Promise<number>,
  options: SweepBatches = {},
  cursor: SweepCursor = {},
): Promise<number> {
  const { signal, onBatch } = options;
  const pace = new Pace(options);
  for (let deleted = 0; ; ) {
    const { size } = pace;
    const begun = performance.now();
    const count = await sweep(size, cursor);
    const took = performance.now() - begun;
    deleted += count;
    onBatch?.(deleted);
    const isDone = cursor.done ?? !(count >= size && count > 0);
    if (isDone || signal?.aborted) return deleted;
    await pace.rest(took, signal);
    if (signal?.aborted) return deleted;
  }
}
