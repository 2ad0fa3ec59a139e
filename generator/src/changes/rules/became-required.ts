import { isRequired } from "../parts.js";
import type { Rule } from "../rule.js";

/** What could be absent no longer can. */
export const becameRequired: Rule = {
  title: "A property must be there that could be absent",
  class: "breaking",
  why: "Objects that are stored without it cannot be read: the field around reads as absent, or as its default.",
  loss: {
    what: "the whole field around it",
    who: "every session whose object lacks the property",
    until: "it is assigned anew",
  },
  instead: "Keep it optional, or give it a default; in the application, ask for it where it is needed.",
  example: {
    before:
      "schema: z.object({ user: z.object({ id: z.string(), name: z.string().optional() }).optional() })",
    after: "schema: z.object({ user: z.object({ id: z.string(), name: z.string() }).optional() })",
  },
  find: ({ parts }) =>
    parts.kept
      .filter(({ before, after }) => after.kind === "property" && !isRequired(before) && isRequired(after))
      .map(({ after: { path } }) => ({ path, summary: `${path} must be there now` })),
};
