import type { Comparison } from "./comparison.js";

/** The values of a literal that came and went. */
export interface LiteralChange {
  readonly path: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Finds them. */
export function literalsOf({ checks }: Comparison): readonly LiteralChange[] {
  return checks.flatMap(({ path, before, after }) => {
    const [was, is] = [before["values"], after["values"]];
    if (!Array.isArray(was) || !Array.isArray(is)) return [];
    const removed = was.filter((value) => !is.includes(value));
    const added = is.filter((value) => !was.includes(value));
    return [{ path, added, removed }];
  });
}
