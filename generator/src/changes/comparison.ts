import { type CheckChange, compareChecksOf } from "./check-changes.js";
import { backendsOf, cookiesOf, type EnvironmentPair } from "./environments.js";
import { comparePartsOf, type PartChanges } from "./parts.js";
import type { BackendForm, CookieForm } from "./snapshot-form.js";
import type { State } from "./state.js";

/** Two states, and how they differ: what rules look at. */
export interface Comparison {
  readonly before: State;
  readonly after: State;
  readonly parts: PartChanges;
  readonly checks: readonly CheckChange[];
  readonly backends: readonly EnvironmentPair<BackendForm>[];
  readonly cookies: readonly EnvironmentPair<CookieForm>[];
  /** Whether a kind of backend has indexes that `sessgen migrate` makes and fills in. */
  readonly isMigrated: (kind: string) => boolean;
}

/** Makes a comparison. */
export function comparisonOf(before: State, after: State, isMigrated: Comparison["isMigrated"]): Comparison {
  const parts = comparePartsOf(before, after);
  return {
    before,
    after,
    parts,
    checks: compareChecksOf(before, after, parts),
    backends: backendsOf(before, after),
    cookies: cookiesOf(before, after),
    isMigrated,
  };
}
