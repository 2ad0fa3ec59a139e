import type { Rule } from "../rule.js";

/** A variant of a union came. */
export const variantAdded: Rule = {
  title: "A variant of a union was added",
  class: "once-deployed",
  why: "An older version cannot read it: to it the field is absent, or has its default. It stays stored as long as that version does not assign the field.",
  instead: "Assign it when no older version runs any more.",
  example: {
    before: "schema: z.object({ contact: z.union([z.string(), z.int()]).optional() })",
    after: "schema: z.object({ contact: z.union([z.string(), z.int(), z.boolean()]).optional() })",
  },
  find: ({ parts }) =>
    parts.added
      .filter(({ kind }) => kind === "variant")
      .map(({ path, owner, name }) => ({ path, summary: `The variant ${name} of ${owner} was added` })),
};
