import { nullsOf } from "../nulls.js";
import type { Rule } from "../rule.js";

/** What could be `null` no longer can. */
export const nullForbidden: Rule = {
  title: "`null`, or `undefined` in a list or a map, is forbidden where it was allowed",
  class: "breaking",
  why: "A stored one cannot be read any more: the field, with all that is in it, reads as absent or as its default.",
  loss: {
    what: "the field that has one there, with all that is in it",
    who: "sessions that hold one",
    until: "it is assigned anew",
  },
  instead:
    "First a release that writes none any more; when the lifetime of sessions is over, or a backfill has been through, forbid it.",
  example: {
    before:
      "schema: z.object({ user: z.object({ id: z.string(), name: z.string().nullable() }).optional() })",
    after: "schema: z.object({ user: z.object({ id: z.string(), name: z.string() }).optional() })",
  },
  find: (comparison) =>
    nullsOf(comparison)
      .filter(({ before, after }) => before && !after)
      .map(({ path, value }) => ({ path, summary: `${path} cannot be ${value} any more` })),
};
