import { indexesOf, indexStep } from "../indexes.js";
import type { Rule } from "../rule.js";

/** The field of an index is called otherwise, and the index with it. */
export const indexRenamed: Rule = {
  title: "An indexed field was renamed",
  class: "step",
  steps: ["migrate", "after-deploy"],
  why: "The index is called after the field. Until it is final, the newer version looks under both names; the older one looks under its own, under which the newer one enters nothing.",
  loss: {
    what: "sessions in lookups: `destroyBy` leaves users logged in",
    who: "sessions that the newer version wrote last, for the older one",
    until:
      "the older one has read that its index is not final any more, after 5 seconds at most: then it looks at all sessions, or throws `session/index-not-final`",
  },
  instead:
    "`sessgen migrate` before the deploy, `sessgen migrate --after-deploy` when no older version runs any more. Look users up by an index that both have meanwhile.",
  example: {
    before: "schema: z.object({ owner: z.string().optional() }), fields: { owner: { index: true } }",
    after:
      'schema: z.object({ user: z.string().optional() }), fields: { user: { index: true, was: "owner" } }',
  },
  find: (comparison) =>
    indexesOf(comparison).renamed.map(({ from, to }) => ({
      path: to.path,
      at: ["fields", to.path, "index"],
      summary: `The index ${from.name} is called ${to.name} now`,
      ...indexStep(comparison, ["migrate", "after-deploy"]),
    })),
};
