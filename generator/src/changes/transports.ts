import type { Comparison } from "./comparison.js";
import type { State } from "./state.js";

/** Finds the transports that came and went. */
export function transportsOf({ before, after }: Comparison): {
  readonly added: readonly string[];
  readonly removed: readonly string[];
} {
  const [was, is] = [namesOf(before), namesOf(after)];
  return {
    added: is.filter((name) => !was.includes(name)),
    removed: was.filter((name) => !is.includes(name)),
  };
}

function namesOf({ snapshot: { transport = ["cookie"] } }: State): readonly string[] {
  return transport.map((one) => (typeof one === "string" ? one : `the header ${one.header.toLowerCase()}`));
}
