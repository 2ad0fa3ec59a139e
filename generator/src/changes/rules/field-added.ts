import type { Rule } from "../rule.js";

/** A field came. */
export const fieldAdded: Rule = {
  title: "A field was added",
  class: "safe",
  why: "It is absent, or has its default, in sessions stored before. An older version carries it along untouched.",
  example: {
    before: "schema: z.object({ visits: z.int().default(0) })",
    after:
      'schema: z.object({ visits: z.int().default(0), theme: z.enum(["light", "dark"]).default("light") })',
  },
  find: ({ parts }) =>
    parts.added
      .filter(({ kind }) => kind === "field")
      .map(({ path }) => ({ path, summary: `The field ${path} was added` })),
};
