import { nullsOf } from "../nulls.js";
import type { Rule } from "../rule.js";

/** What was never `null` may be. */
export const nullAllowed: Rule = {
  title: "`null`, or `undefined` in a list or a map, is allowed where it was not",
  class: "once-deployed",
  why: "An older version cannot read one there: to it, the field is absent, or has its default.",
  instead: "Assign it when no older version runs any more.",
  example: {
    before: "schema: z.object({ theme: z.string().optional() })",
    after: "schema: z.object({ theme: z.string().nullable().optional() })",
  },
  find: (comparison) =>
    nullsOf(comparison)
      .filter(({ before, after }) => !before && after)
      .map(({ path, value }) => ({ path, summary: `${path} may be ${value} now` })),
};
