import { comparisonOf } from "./comparison.js";
import type { ChangeClass, ChangeStep, Found, Loss, Rule } from "./rule.js";
import { changeClasses } from "./rule.js";
import { rules } from "./rules/index.js";
import type { State } from "./state.js";

/** A change between two versions, and what it asks for. */
export interface Change {
  /** The id of its rule: `member-removed`. */
  readonly rule: string;
  readonly class: ChangeClass;
  /** Of the schema, or of the config: `user.id`, `cookie.name`. */
  readonly path: string;
  /** What has changed, in a sentence without its full stop. */
  readonly summary: string;
  /** What happens to sessions. */
  readonly why: string;
  /** What is lost; or would be without the step. */
  readonly loss?: Loss;
  /** The steps besides the deploy, of the class `step`. */
  readonly steps: readonly ChangeStep[];
  /** How it is done without a loss. */
  readonly instead?: string;
  /** Stored sessions are in the former form until they are written again. */
  readonly isLeftBehind: boolean;
  /** Where in the config it stands. */
  readonly at: readonly string[];
}

/**
 * Compares two versions of an application.
 * @param isMigrated - whether `sessgen migrate` makes and fills the indexes of a kind of backend
 * @returns every change, the worst first
 */
export function compareStates(
  before: State,
  after: State,
  isMigrated: (kind: string) => boolean,
): readonly Change[] {
  const comparison = comparisonOf(before, after, isMigrated);
  const changes = [...rules].flatMap(([id, rule]) =>
    rule.find(comparison).map((found) => changeOf(id, rule, found)),
  );
  const rank = ({ class: one }: Change): number => changeClasses.indexOf(one);
  return changes.sort((one, other) => rank(other) - rank(one));
}

/** Tells whether something has to be done, or is lost. */
export function isGrave({ class: one }: Change): boolean {
  return one === "step" || one === "breaking";
}

function changeOf(id: string, rule: Rule, found: Found): Change {
  const grade = found.class ?? rule.class;
  const isGrave = grade === "step" || grade === "breaking";
  const loss = isGrave ? (found.loss ?? rule.loss) : undefined;
  const instead = grade === "safe" ? undefined : (found.instead ?? rule.instead);
  return {
    rule: id,
    class: grade,
    path: found.path,
    summary: found.summary,
    why: rule.why,
    ...(loss && { loss }),
    steps: grade === "step" ? (found.steps ?? rule.steps ?? []) : [],
    ...(instead !== undefined && { instead }),
    isLeftBehind: rule.isLeftBehind === true,
    at: found.at ?? ["schema", ...stepsOf(found.path)],
  };
}

/** The names on the way to a part of the schema. */
function stepsOf(path: string): readonly string[] {
  const names = path.match(/"(?:[^"\\]|\\.)*"|[^.[\]<>|="]+/g) ?? [];
  return names
    .filter((name) => !/^(?:\d+|key|value)$/.test(name) && !name.startsWith("@"))
    .map((name) => (name.startsWith('"') ? (JSON.parse(name) as string) : name));
}
