import { policyChanges } from "../policy-changes.js";
import type { Rule } from "../rule.js";

/** Values end otherwise. */
export const ttlChanged: Rule = {
  title: "The policy `ttl` changed",
  class: "once-deployed",
  why: "A value keeps the end that it was given when it was assigned; one from before there was a `ttl` has none until it is assigned again. An older version without the policy carries ends on, and does not judge by them.",
  instead:
    "Rely on it when no older version runs any more, and for values from before when they were assigned again.",
  example: {
    before: "schema: z.object({ code: z.string().optional() })",
    after: 'schema: z.object({ code: z.string().optional() }), fields: { code: { ttl: "10m" } }',
  },
  find: (comparison) => policyChanges(comparison, ["ttl"]),
};
