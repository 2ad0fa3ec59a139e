import type { Comparison } from "./comparison.js";
import { isWithin } from "./parts.js";
import type { ChangeStep, Found } from "./rule.js";
import type { TextForm } from "./snapshot-form.js";

/** An index, as the snapshot has it. */
export interface Index {
  readonly path: string;
  readonly name: string;
  readonly hashed: boolean;
}

/** How the indexes of two states differ. */
export interface IndexChanges {
  readonly added: readonly Index[];
  readonly removed: readonly Index[];
  /** The same field, under another name. */
  readonly renamed: readonly { readonly from: Index; readonly to: Index }[];
  readonly kept: readonly { readonly from: Index; readonly to: Index }[];
}

/** Compares the indexes. */
export function indexesOf({ before, after, parts }: Comparison): IndexChanges {
  const list = (indexes: typeof before.snapshot.indexes): Index[] =>
    Object.entries(indexes).map(([path, index]) => ({ path, ...index }));
  const [older, newer] = [list(before.snapshot.indexes), list(after.snapshot.indexes)];
  /** What a path of the older state is called now. */
  const now = (path: string): string => {
    const pair = parts.renamed.find((one) => isWithin(path, one.before.path));
    return pair === undefined ? path : pair.after.path + path.slice(pair.before.path.length);
  };
  const pairs = older.flatMap((from) => {
    const to = newer.find(({ path }) => path === now(from.path));
    return to === undefined ? [] : [{ from, to }];
  });
  return {
    added: newer.filter((index) => !pairs.some(({ to }) => to === index)),
    removed: older.filter((index) => !pairs.some(({ from }) => from === index)),
    renamed: pairs.filter(({ from, to }) => from.name !== to.name),
    kept: pairs.filter(({ from, to }) => from.name === to.name),
  };
}

/** Gives the secrets that hashed indexes are made with, in both states: the first one writes. */
export function indexKeysOf({ before, after }: Comparison): {
  readonly before: readonly TextForm[];
  readonly after: readonly TextForm[];
} {
  const keysOf = ({ snapshot: { encryption, cookie } }: Comparison["before"]): readonly TextForm[] => [
    ...(encryption?.secrets ?? []),
    ...(cookie.secrets ?? []),
  ];
  return { before: keysOf(before), after: keysOf(after) };
}

/**
 * Gives the steps that the backends have: without `sessgen migrate` there are none, and nothing
 * helps.
 */
export function indexStep(
  { backends, isMigrated }: Comparison,
  steps: readonly ChangeStep[],
): Pick<Found, "steps" | "instead"> {
  if (backends.some(({ after }) => isMigrated(after.kind))) return { steps };
  return {
    steps: ["two-deploys"],
    instead:
      "The backend has no `sessgen migrate`: look nobody up by it until the lifetime of sessions is over.",
  };
}
