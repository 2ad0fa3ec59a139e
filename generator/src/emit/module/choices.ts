import { all } from "../../code/syntax.js";
import type { Checks } from "./kinds/kind.js";
import type { Path } from "./path.js";
import { type Refusal, refuse } from "./rules.js";

/** So many values are compared one by one; more stand in a list. */
const COMPARED = 4;

/**
 * Gives the rule that the value is one of these literals; `NaN` is the one that does not equal
 * itself.
 */
export function choose(literals: readonly string[], value: string, path: Path, to: Checks): Refusal {
  if (literals.length > COMPARED) {
    const values = to.values(literals);
    const expected = { code: `${to.use("oneOf")}(${values})` };
    return refuse(`!${to.use("isOneOf")}(${value}, ${values})`, path, expected);
  }
  const differs = literals.map((text) =>
    text === "NaN" ? `!Number.isNaN(${value})` : `${value} !== ${text}`,
  );
  const expected = literals.length === 1 ? literals.join() : `one of ${literals.join(", ")}`;
  return refuse(all(differs), path, expected);
}
