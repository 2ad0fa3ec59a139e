import { policyChanges } from "../policy-changes.js";
import type { Rule } from "../rule.js";

/** A change of the field gives the session another id, or no longer does. */
export const regenerateChanged: Rule = {
  title: "The policy `regenerate` changed",
  class: "once-deployed",
  why: "Whether a change gives the session a new id is up to the version that commits it.",
  instead: "Rely on it when no older version runs any more.",
  example: {
    before: "schema: z.object({ role: z.string().optional() })",
    after: 'schema: z.object({ role: z.string().optional() }), fields: { role: { regenerate: "on-change" } }',
  },
  find: (comparison) => policyChanges(comparison, ["regenerate"]),
};
