import { pause } from "../../time/pause.js";

/** How expired sessions are deleted. */
export interface SweepBatches {
  /** The most records deleted in one batch. Default 1000. */
  readonly limit?: number;
  /** Between two batches, in milliseconds: the turn of the requests. Default 100. */
  readonly pause?: number;
  /** Ends the sweep after the batch under way. */
  readonly signal?: AbortSignal;
  /** Called after each batch with how many records were deleted so far. */
  readonly onBatch?: (deleted: number) => void;
}

/**
 * Deletes batch after batch until one is not full: sessions that expire meanwhile are for the next
 * sweep, which otherwise might never end beside much traffic.
 *
 * @param sweep - deletes at most so many, and says how many
 * @returns how many records were deleted
 */
export async function sweepInBatches(
  sweep: (limit: number) => Promise<number>,
  options: SweepBatches = {},
): Promise<number> {
  const { limit = 1000, pause: milliseconds = 100, signal, onBatch } = options;
  for (let deleted = 0; ; ) {
    const count = await sweep(limit);
    deleted += count;
    onBatch?.(deleted);
    if (count === 0 || count < limit || signal?.aborted) return deleted;
    await pause(milliseconds, signal);
    if (signal?.aborted) return deleted;
  }
}
