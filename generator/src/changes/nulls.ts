import type { Comparison } from "./comparison.js";

/** Where `null` or `undefined` was, or is, allowed, and where it was not, or is not. */
export interface NullChange {
  readonly path: string;
  readonly value: "null" | "undefined";
  readonly before: boolean;
  readonly after: boolean;
}

/**
 * Finds them: of fields and properties, and of what is in lists and maps. `undefined` in the latter
 * alone: a property is absent then.
 */
export function nullsOf({ parts, checks }: Comparison): readonly NullChange[] {
  const ofParts = parts.kept.map(({ before, after }) => ({
    path: after.path,
    value: "null" as const,
    before: before.attributes?.nullable === true,
    after: after.attributes?.nullable === true,
  }));
  const inside = checks.flatMap(({ path, before, after }) =>
    (
      [
        ["null", "nullable"],
        ["undefined", "optional"],
      ] as const
    ).map(([value, check]) => ({
      path,
      value,
      before: before[check] === true,
      after: after[check] === true,
    })),
  );
  return [...ofParts, ...inside].filter(({ before, after }) => before !== after);
}
