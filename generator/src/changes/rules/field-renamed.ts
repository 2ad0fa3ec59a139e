import type { Rule } from "../rule.js";

/** A field, a property, a variant or a member is called otherwise and keeps its slot. */
export const fieldRenamed: Rule = {
  title: "Something was renamed, with `was`",
  class: "safe",
  why: "What is stored under the former name is read under the new one, and both versions go on reading what the other one writes.",
  example: {
    before: "schema: z.object({ hits: z.int().default(0) })",
    after: 'schema: z.object({ visits: z.int().default(0) }), fields: { visits: { was: "hits" } }',
  },
  find: ({ parts }) =>
    parts.renamed.map(({ before, after }) => ({
      path: after.path,
      summary: `${before.path} was renamed to ${after.path}`,
    })),
};
