import { constantOf, valueOfConstant } from "./constant.js";
import { type ModelContext, type Path, pathText } from "./context.js";
import type { Constant, Fallback, Type } from "./model.js";
import { atMoments, isAboutNow } from "./moments.js";
import type { Absence } from "./node.js";

/** What a catch may be given. */
const inputs: readonly unknown[] = [undefined, null, "", "a", 0, 1, true, {}, []];

/**
 * Gives what is read where a property is absent. It is asked for at several moments: what differs,
 * such as the current time, cannot be written into the code.
 */
export function defaultOf(context: ModelContext, ask: () => Absence, path: Path): Fallback | undefined {
  let answers: readonly Absence[];
  try {
    answers = atMoments(ask);
  } catch (error) {
    return dynamic(context, path, "default", `throws: ${messageOf(error)}`);
  }
  if (answers.every(({ kind }) => kind === "missing")) {
    context.problem(
      "model/invalid-default",
      path,
      `The default of ${pathText(path)} is not what its own schema allows`,
    );
    return undefined;
  }
  if (answers.every(({ kind }) => kind === "absent")) return undefined;
  return constantIn(
    context,
    answers.map((answer) => (answer.kind === "value" ? answer.value : undefined)),
    path,
    "default",
  );
}

/**
 * Gives what is read in place of something unreadable. A function that looks at what it is given
 * has no one answer.
 */
export function catchOf(
  context: ModelContext,
  ask: (input: unknown) => unknown,
  path: Path,
): Fallback | undefined {
  let answers: readonly unknown[];
  try {
    answers = [...inputs.map(ask), ...atMoments(() => ask(undefined))];
  } catch (error) {
    return dynamic(context, path, "catch", `throws: ${messageOf(error)}`);
  }
  return constantIn(context, answers, path, "catch");
}

/** The one constant that all answers are; none for `undefined`, which is what absence is anyway. */
function constantIn(
  context: ModelContext,
  answers: readonly unknown[],
  path: Path,
  what: "default" | "catch",
): Fallback | undefined {
  const [first, ...others] = answers.map((answer) => constantOf(answer));
  if (first === undefined) return dynamic(context, path, what, "is no plain data");
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(first))) {
    return dynamic(context, path, what, "is not the same each time");
  }
  if (isAboutNow(answers[0])) {
    return dynamic(context, path, what, "is the time at which the config was read");
  }
  return first.kind === "undefined" ? undefined : first;
}

/** A problem, unless it is of a field, whose schema can be asked. */
function dynamic(
  context: ModelContext,
  path: Path,
  what: "default" | "catch",
  why: string,
): Fallback | undefined {
  const [field] = path;
  if (context.asks && path.length === 1 && field !== undefined) return { kind: "asked", field };
  const code = "model/dynamic-default";
  // A catch that stands in for absence has been looked at before.
  if (context.problems.some((problem) => problem.code === code && problem.path === path)) return undefined;
  context.problem(code, path, `The ${what} of ${pathText(path)} ${why}`);
  return undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Says whether the schema does not let the constant through. */
export function isRefused(context: ModelContext, schema: unknown, constant: Fallback | undefined): boolean {
  if (constant === undefined || constant.kind === "asked") return false;
  try {
    return !context.adapter.accepts(schema, valueOfConstant(constant));
  } catch {
    // A refinement of the user's that cannot be asked now.
    return false;
  }
}

/** Gives the constant, where a check can know it again; notes a problem where not. */
export function besidesOf(
  context: ModelContext,
  type: Type,
  constant: Fallback | undefined,
  path: Path,
  what: "default" | "catch",
): Constant[] {
  if (constant !== undefined && constant.kind !== "asked" && isComparable(type, constant)) return [constant];
  context.problem(
    "model/invalid-default",
    path,
    `The ${what} of ${pathText(path)} is not what its own schema allows`,
  );
  return [];
}

/** Whether the constant is of the type but for its rules, and can be told by a comparison. */
function isComparable(type: Type, constant: Constant): boolean {
  switch (type.kind) {
    case "nullable":
    case "optional":
      return isComparable(type.inner, constant);
    case "union":
      return type.variants.some((variant) => isComparable(variant.type, constant));
    case "string":
    case "number":
    case "boolean":
      return constant.kind === "json" && typeof constant.value === type.kind;
    case "bigint":
      return constant.kind === "bigint";
    case "array":
      return constant.kind === "array" && constant.items.length === 0;
    default:
      return false;
  }
}
