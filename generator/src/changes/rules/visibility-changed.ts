import { policyChanges } from "../policy-changes.js";
import type { Rule } from "../rule.js";

/** A field is shown elsewhere. */
export const visibilityChanged: Rule = {
  title: "The policies `client`, `list` or `redact` changed",
  class: "once-deployed",
  why: "What is stored stays the same. Who sees it is up to the version that shows it: an older one goes on showing what the newer one hides.",
  example: {
    before: "schema: z.object({ token: z.string().optional() })",
    after: "schema: z.object({ token: z.string().optional() }), fields: { token: { redact: true } }",
  },
  find: (comparison) => policyChanges(comparison, ["client", "list", "redact"]),
};
