import { policyChanges } from "../policy-changes.js";
import type { Rule } from "../rule.js";

/** Reading removes a field, or no longer does. */
export const flashChanged: Rule = {
  title: "The policy `flash` changed",
  class: "once-deployed",
  why: "Whether reading removes the value is up to the version that reads: with `flash`, a value stored before is shown once more and then gone.",
  example: {
    before: "schema: z.object({ notice: z.string().optional() })",
    after: "schema: z.object({ notice: z.string().optional() }), fields: { notice: { flash: true } }",
  },
  find: (comparison) => policyChanges(comparison, ["flash"]),
};
