import type { Comparison } from "./comparison.js";

/** Where `null` was, or is, allowed, and where it was not, or is not. */
export interface NullChange {
  readonly path: string;
  readonly before: boolean;
  readonly after: boolean;
}

/** Finds them: of fields and properties, and of what is in lists and maps. */
export function nullsOf({ parts, checks }: Comparison): readonly NullChange[] {
  const ofParts = parts.kept.map(({ before, after }) => ({
    path: after.path,
    before: before.attributes?.nullable === true,
    after: after.attributes?.nullable === true,
  }));
  const inside = checks.map(({ path, before, after }) => ({
    path,
    before: before["nullable"] === true,
    after: after["nullable"] === true,
  }));
  return [...ofParts, ...inside].filter(({ before, after }) => before !== after);
}
