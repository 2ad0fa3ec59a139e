import { indexesOf, indexStep } from "../indexes.js";
import type { Rule } from "../rule.js";

/** Sessions can be found by something again. */
export const indexReadded: Rule = {
  title: "An index was added that there was before",
  class: "step",
  steps: ["migrate", "after-deploy"],
  why: "What the backend still has of the former index was not kept up while it was off, whatever it notes of having been filled.",
  loss: {
    what: "sessions in lookups: `destroyBy` leaves users logged in",
    who: "sessions written while the index was off",
    until:
      "`sessgen migrate --after-deploy` has run; where the backend has no `migrate`, each is written again",
  },
  instead:
    "`sessgen migrate` before the deploy, `sessgen migrate --after-deploy` when no older version runs any more; `sessgen verify` says whether it is filled.",
  example: {
    note: "The index was there, was removed in a release, and comes back.",
    base: 'schema: z.object({ user: z.object({ id: z.string() }).optional() }), fields: { "user.id": { index: true } }',
    before: "schema: z.object({ user: z.object({ id: z.string() }).optional() })",
    after:
      'schema: z.object({ user: z.object({ id: z.string() }).optional() }), fields: { "user.id": { index: true } }',
    edit: (_lock, before) => before,
  },
  find: (comparison) =>
    indexesOf(comparison)
      .added.filter(({ path }) => (comparison.before.snapshot.formerIndexes ?? []).includes(path))
      .map(({ path }) => ({
        path,
        at: ["fields", path, "index"],
        summary: `Sessions can be found by ${path} again`,
        ...indexStep(comparison, ["migrate", "after-deploy"]),
      })),
};
