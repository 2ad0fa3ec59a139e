import type { Change } from "../compare.js";
import type { ChangeClass, ChangeStep, Loss } from "../rule.js";

/** What a class is called. */
export const className: { readonly [Class in ChangeClass]: string } = {
  safe: "safe",
  "once-deployed": "safe once all readers are deployed",
  step: "takes a step",
  breaking: "breaking",
};

/** What a step is called. */
export const stepName: { readonly [Step in ChangeStep]: string } = {
  "two-deploys": "two deploys",
  backfill: "sessgen backfill",
  migrate: "sessgen migrate",
  "after-deploy": "sessgen migrate --after-deploy",
};

/** Says the class of a change, with the steps that it takes. */
export function classText({ class: one, steps }: Pick<Change, "class" | "steps">): string {
  const names = steps.map((step) => stepName[step]).join(", then ");
  return names === "" ? className[one] : `${className[one]} (${names})`;
}

/** Says what is lost, by whom, until when. */
export function lossText({ what, who, until }: Loss): string {
  return `${what}. By whom: ${who}. Until: ${until}.`;
}

/**
 * Gives a line for the change: `breaking: The member "dark" of theme was removed [member-removed]`.
 */
export function lineOf(change: Change): string {
  return `${classText(change)}: ${change.summary} [${change.rule}]`;
}
