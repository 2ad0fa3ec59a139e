import { policyChanges } from "../policy-changes.js";
import type { Rule } from "../rule.js";

/** Two requests at once make something else of a field. */
export const mergeChanged: Rule = {
  title: "The policy `merge` changed",
  class: "once-deployed",
  why: "A commit merges by the policy of the version that does it: where an older one meets a conflict, it decides as it always did.",
  instead: "Rely on it when no older version runs any more.",
  example: {
    before: "schema: z.object({ visits: z.int().default(0) })",
    after: 'schema: z.object({ visits: z.int().default(0) }), fields: { visits: { merge: "counter" } }',
  },
  find: (comparison) => policyChanges(comparison, ["merge"]),
};
