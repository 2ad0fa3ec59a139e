import { type PreviousForm, textName } from "./snapshot-form.js";
import type { State } from "./state.js";

/** Names the identities of before that one state has in `previous` and another one has not. */
export function previousOf(state: State, other: State): readonly string[] {
  const known = (other.snapshot.previous ?? []).map(textOf);
  return (state.snapshot.previous ?? []).map(textOf).filter((text) => !known.includes(text));
}

function textOf(previous: PreviousForm): string {
  return Object.entries(previous)
    .map(([part, value]) => `the ${part} ${textName(value)}`)
    .join(" and ");
}
