import type { Comparison } from "./comparison.js";
import type { ChecksForm } from "./snapshot-form.js";

/** Where keys that an object does not list were, or are, kept, and as values of which kind. */
export interface RestChange {
  readonly path: string;
  /** `undefined`: they are not kept. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Finds them. */
export function restsOf({ checks }: Comparison): readonly RestChange[] {
  return checks
    .map(({ path, before, after }) => ({ path, before: keptAs(before), after: keptAs(after) }))
    .filter(({ before, after }) => before !== after);
}

function keptAs({ rest, keys }: ChecksForm): string | undefined {
  if (rest === "loose") return "unknown";
  return rest === "catchall" ? String(keys) : undefined;
}
