import type { Change } from "../compare.js";

/** Gives what `--json` says of a change. */
export function changeJson<C extends Change>({ at: _, isLeftBehind: __, ...change }: C): object {
  return change;
}
