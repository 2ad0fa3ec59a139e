import { nullsOf } from "../nulls.js";
import type { Rule } from "../rule.js";

/** What was never `null` may be. */
export const nullAllowed: Rule = {
  title: "`null` is allowed where it was not",
  class: "once-deployed",
  why: "An older version cannot read a `null` there: to it, the field is absent.",
  instead: "Assign `null` when no older version runs any more.",
  example: {
    before: "schema: z.object({ theme: z.string().optional() })",
    after: "schema: z.object({ theme: z.string().nullable().optional() })",
  },
  find: (comparison) =>
    nullsOf(comparison)
      .filter(({ before, after }) => !before && after)
      .map(({ path }) => ({ path, summary: `${path} may be null now` })),
};
