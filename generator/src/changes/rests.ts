import type { Comparison } from "./comparison.js";

/** Where keys that an object does not list were, or are, kept. */
export interface RestChange {
  readonly path: string;
  readonly before: boolean;
  readonly after: boolean;
}

/** Finds them. */
export function restsOf({ checks }: Comparison): readonly RestChange[] {
  const keeps = (rest: unknown): boolean => rest === "loose" || rest === "catchall";
  return checks
    .map(({ path, before, after }) => ({ path, before: keeps(before["rest"]), after: keeps(after["rest"]) }))
    .filter(({ before, after }) => before !== after);
}
