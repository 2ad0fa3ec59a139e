import { indexesOf, indexStep } from "../indexes.js";
import type { Rule } from "../rule.js";

/** Sessions can be found by something else. */
export const indexAdded: Rule = {
  title: "An index was added",
  class: "step",
  steps: ["migrate", "after-deploy"],
  why: "Sessions that were stored before, and those that an older version writes meanwhile, are not in the index. Until it is final, lookups look at the other sessions, too, or throw `session/index-not-final` where there are more than 10,000, or the store cannot list them. `sessgen migrate` enters the former, `sessgen migrate --after-deploy` the latter.",
  loss: {
    what: "lookups that throw `session/index-not-final`: `destroyBy` has left users logged in",
    who: "sessions that the newer version has not written",
    until:
      "`sessgen migrate --after-deploy` has run; where the backend has no `migrate`, each is written again",
  },
  instead:
    "`sessgen migrate` before the deploy, `sessgen migrate --after-deploy` when no older version runs any more.",
  example: {
    before: "schema: z.object({ user: z.object({ id: z.string() }).optional() })",
    after:
      'schema: z.object({ user: z.object({ id: z.string() }).optional() }), fields: { "user.id": { index: true } }',
  },
  find: (comparison) =>
    indexesOf(comparison)
      .added.filter(({ path }) => !(comparison.before.snapshot.formerIndexes ?? []).includes(path))
      .map(({ path }) => ({
        path,
        at: ["fields", path, "index"],
        summary: `Sessions can be found by ${path} now`,
        ...indexStep(comparison, ["migrate", "after-deploy"]),
      })),
};
