import type { SessionModel } from "../model/model.js";
import { type ApplyOptions, applyLock, type Locked } from "./apply.js";
import { committedEntries } from "./committed.js";
import { type Allocation, type Lock, unused, without } from "./lock.js";

/** What one process of `--watch` remembers between its runs. */
export interface Watching {
  /** How many entries the log had when the process began. */
  began?: number;
}

/** What {@link updateLock} can be told. */
export interface UpdateOptions extends Pick<ApplyOptions, "renumber" | "isCompacted"> {
  /** The lock file, as messages name it. */
  readonly file: string;
  /** The same, absolute. */
  readonly path: string;
  /** Under `--watch`: what is tried there and never committed leaves no trace. */
  readonly watching?: Watching;
}

/**
 * Applies the lock as {@link applyLock} does, and finds out which generation new entries belong to.
 * What was not committed yet is still growing; where git cannot tell, whatever this process did not
 * allocate itself counts as committed. Git is asked only when it matters.
 */
export async function updateLock(
  model: SessionModel,
  previous: Lock,
  options: UpdateOptions,
): Promise<Locked> {
  const { watching } = options;
  if (watching !== undefined) watching.began ??= previous.log.length;
  const began = Math.min(watching?.began ?? Infinity, previous.log.length);
  const { file, renumber = [], isCompacted = false } = options;
  const apply = (lock: Lock, committed: number): Locked =>
    applyLock(model, lock, {
      file,
      renumber,
      committed,
      isCompacted: isCompacted || lock.log.length < previous.log.length,
    });
  const first = apply(previous, began);
  const allocated = first.lock.log.some((allocation) => !previous.log.includes(allocation));
  const last = previous.log.at(-1)?.generation;
  const tried = (from: number): readonly Allocation[] =>
    watching === undefined ? [] : unused(first.lock, previous.log.slice(from));
  // Only the last generation can be uncommitted.
  const candidates = tried(previous.log.findIndex(({ generation }) => generation === last));
  if (!allocated && candidates.length === 0) return first;
  const committed = (await committedEntries(previous, options.path)) ?? began;
  const dropped = tried(committed);
  if (dropped.length === 0) return committed === began ? first : apply(previous, committed);
  return apply(without(previous, dropped), committed);
}
