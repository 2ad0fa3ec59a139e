import { indexesOf, indexStep } from "../indexes.js";
import type { Rule } from "../rule.js";

/** Sessions can no longer be found by something. */
export const indexRemoved: Rule = {
  title: "An index was removed",
  class: "step",
  steps: ["after-deploy"],
  why: "What the newer version writes is not in the index, so the older one does not find it. What the backend keeps for the index is dropped by `sessgen migrate --after-deploy`.",
  loss: {
    what: "sessions in the older version's lookups: its `destroyBy` leaves users logged in",
    who: "sessions that the newer version has written",
    until: "no older version runs any more",
  },
  instead:
    "First a release that looks nobody up by it; then remove it, and run `sessgen migrate --after-deploy` when no older version runs any more.",
  example: {
    before:
      'schema: z.object({ user: z.object({ id: z.string() }).optional() }), fields: { "user.id": { index: true } }',
    after: "schema: z.object({ user: z.object({ id: z.string() }).optional() })",
  },
  find: (comparison) =>
    indexesOf(comparison).removed.map(({ path }) => ({
      path,
      at: ["fields"],
      summary: `Sessions cannot be found by ${path} any more`,
      ...indexStep(comparison, ["after-deploy"]),
    })),
};
