import ms from "ms";
import type { Comparison } from "./comparison.js";

/** A lifetime that is another one now, in milliseconds. */
export interface LifetimeChange {
  /** In the config: `["lifetime", "permanent", "idle"]`. */
  readonly path: readonly string[];
  readonly before: number;
  readonly after: number;
  readonly text: string;
}

/** Finds them. */
export function lifetimesOf({ before, after }: Comparison): readonly LifetimeChange[] {
  const [was, is] = [before.snapshot.lifetime, after.snapshot.lifetime];
  const pairs = [
    [["lifetime", "idle"], was.idle, is.idle],
    [["lifetime", "absolute"], was.absolute, is.absolute],
    [["lifetime", "permanent", "idle"], was.permanent.idle, is.permanent.idle],
    [["lifetime", "permanent", "absolute"], was.permanent.absolute, is.permanent.absolute],
  ] as const;
  return pairs
    .filter(([, one, other]) => one !== other)
    .map(([path, one, other]) => ({
      path,
      before: one,
      after: other,
      text: `${path.join(".")} was ${ms(one)} and is ${ms(other)}`,
    }));
}
