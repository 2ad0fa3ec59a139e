import { isRequired } from "../parts.js";
import type { Rule } from "../rule.js";

/** A property came that cannot be absent. */
export const propertyAddedRequired: Rule = {
  title: "A property of an object was added that must be there",
  class: "breaking",
  why: "No stored object has it, so the newer version cannot read them: the field around reads as absent, or as its default. The first change that would replace what is stored is refused (`session/substitute`), the next one replaces it.",
  loss: {
    what: "the whole field around it",
    who: "every session that has one, for the older version, too",
    until: "it is assigned anew",
  },
  instead: "Give it a default (`.default(…)`) or make it optional.",
  example: {
    before: "schema: z.object({ cart: z.array(z.object({ sku: z.string() })).default([]) })",
    after: "schema: z.object({ cart: z.array(z.object({ sku: z.string(), price: z.int() })).default([]) })",
  },
  find: ({ parts }) =>
    parts.added
      .filter((part) => part.kind === "property" && isRequired(part))
      .map(({ path }) => ({ path, summary: `The property ${path} was added, and must be there` })),
};
