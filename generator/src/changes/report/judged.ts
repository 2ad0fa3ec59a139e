import { locatorOf } from "../../config/locate.js";
import type { Where } from "../../errors.js";
import type { Accepts } from "../accept.js";
import { type Change, isGrave } from "../compare.js";

/** A change with what is said of it besides. */
export interface Judged extends Change {
  /** Where in the config or the schema it stands. */
  readonly where: Where;
  /** Somebody has looked at it and wants it all the same. */
  readonly accepted: boolean;
}

/**
 * Finds where changes stand, and which are accepted.
 * @param files - the config and the lock, absolute
 */
export function judge(
  changes: readonly Change[],
  files: { readonly config: string; readonly lock: string },
  accepts: Accepts,
): readonly Judged[] {
  const locate = changes.length === 0 ? undefined : locatorOf(files.config);
  return changes.map((change) => ({
    ...change,
    accepted: isGrave(change) && accepts(change),
    where: change.at.length === 0 ? { file: files.lock } : (locate?.(change.at) ?? { file: files.config }),
  }));
}

/** Tells whether a change is to stop a pipeline. */
export function stops(change: Judged): boolean {
  return isGrave(change) && !change.accepted;
}
