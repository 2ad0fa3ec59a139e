import { indexesOf, indexStep } from "../indexes.js";
import type { Rule } from "../rule.js";

/** An index has hashes of values now, or no longer. */
export const indexHashed: Rule = {
  title: "An index became hashed, or is hashed no longer",
  class: "step",
  steps: ["migrate", "after-deploy"],
  why: "Each version looks in the index for the form that it writes itself: the value, or its hash. Until the index is final, the newer one looks at the other sessions, too, or throws `session/index-not-final`.",
  loss: {
    what: "sessions in lookups: `destroyBy` leaves users logged in",
    who: "sessions that the other version wrote last",
    until:
      "that version has read that the index is not final, after 5 seconds at most: then it looks at all sessions, or throws `session/index-not-final`",
  },
  instead:
    "`sessgen migrate` before the deploy, `sessgen migrate --after-deploy` when no older version runs any more.",
  example: {
    before: "schema: z.object({ user: z.string().optional() }), fields: { user: { index: true } }",
    after: 'schema: z.object({ user: z.string().optional() }), fields: { user: { index: "hashed" } }',
  },
  find: (comparison) =>
    indexesOf(comparison)
      .kept.filter(({ from, to }) => from.hashed !== to.hashed)
      .map(({ to }) => ({
        path: to.path,
        at: ["fields", to.path, "index"],
        summary: `The index on ${to.path} is ${to.hashed ? "hashed now" : "not hashed any more"}`,
        ...indexStep(comparison, ["migrate", "after-deploy"]),
      })),
};
