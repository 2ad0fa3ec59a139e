import type { Doc } from "../../code/doc.js";
import { all, any, ifBlock, ifThen, inParentheses, stringText } from "../../code/syntax.js";
import type { Path } from "./path.js";

/** What a check does about a value. */
export type Rule = Refusal | Step | Rules;

interface Conditional {
  /** It only matters where all of these hold. */
  readonly when: readonly Doc[];
}

/** A value that is wrong in one of these ways is refused. */
export interface Refusal extends Conditional {
  readonly kind: "refusal";
  readonly wrong: readonly Doc[];
  readonly path: Path;
  /** What the schema asks for, or an expression that says so. */
  readonly expected: string | { readonly code: Doc };
}

/** A statement that checks. */
export interface Step extends Conditional {
  readonly kind: "step";
  readonly code: Doc;
}

/** Several rules under one condition. */
interface Rules extends Conditional {
  readonly kind: "rules";
  readonly rules: readonly Rule[];
}

/** Refuses a value for which the condition holds. */
export function refuse(wrong: Doc, path: Path, expected: Refusal["expected"]): Refusal {
  return refuseEach([wrong], path, expected);
}

/** Refuses a value for which one of the conditions holds. */
export function refuseEach(wrong: readonly Doc[], path: Path, expected: Refusal["expected"]): Refusal {
  return { kind: "refusal", when: [], wrong, path, expected };
}

/** Makes a step of code that is always done. */
export function step(code: Doc): Step {
  return { kind: "step", when: [], code };
}

/** Gives the rules, for where the condition holds. */
export function provided(condition: Doc, rules: readonly Rule[]): readonly Rule[] {
  const [only] = rules;
  if (only === undefined) return [];
  if (rules.length === 1) return [{ ...only, when: [condition, ...only.when] }];
  return [{ kind: "rules", when: [condition], rules }];
}

/**
 * Gives the condition under which the rules refuse a value, as an operand of `&&`; `undefined`
 * where it takes statements.
 */
export function failing(rules: readonly Rule[]): Doc | undefined {
  const ways = rules.map(waysOf);
  if (ways.includes(undefined)) return undefined;
  const known = ways.flatMap((some) => some ?? []);
  const [only] = known;
  if (known.length === 1 && only !== undefined) return all(only);
  return operand(known.map((way) => (way.length === 1 ? (way[0] ?? "") : inParentheses(all(way)))));
}

/** The ways in which a rule refuses a value: of each, the conditions that hold together. */
function waysOf(rule: Rule): readonly (readonly Doc[])[] | undefined {
  if (rule.kind === "step") return undefined;
  if (rule.kind === "rules") {
    const inner = failing(rule.rules);
    return inner === undefined ? undefined : [[...rule.when, inner]];
  }
  return rule.when.length === 0 ? rule.wrong.map((one) => [one]) : [[...rule.when, operand(rule.wrong)]];
}

/** Ways to be wrong as an operand of `&&`. */
function operand(wrong: readonly Doc[]): Doc {
  return wrong.length === 1 ? (wrong[0] ?? "") : inParentheses(any(wrong));
}

/** Gives the statements of the rules. @param fail - the name of the function that refuses */
export function statements(rules: readonly Rule[], fail: () => string): Doc[] {
  return rules.map((rule) => {
    if (rule.kind === "rules") return ifBlock(all(rule.when), statements(rule.rules, fail));
    if (rule.kind === "step") return rule.when.length === 0 ? rule.code : ifThen(all(rule.when), rule.code);
    const test = rule.when.length === 0 ? any(rule.wrong) : all([...rule.when, operand(rule.wrong)]);
    const expected = typeof rule.expected === "string" ? stringText(rule.expected) : rule.expected.code;
    return ifThen(test, failure(fail(), rule.path, expected));
  });
}

/** Writes `fail(path, expected);`. */
export function failure(fail: string, path: Path, expected: Doc): Doc {
  return [fail, "(", path.expression, ", ", expected, ");"];
}
