import { isRequired } from "../parts.js";
import type { Found, Rule } from "../rule.js";

/** What could be absent no longer can. */
export const becameRequired: Rule = {
  title: "A property, or a field, must be there that could be absent",
  class: "breaking",
  otherwise: { safe: "of a field: absent ones read as before" },
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
    parts.kept.flatMap(({ before, after }): Found[] => {
      const found = { path: after.path, summary: `${after.path} must be there now` };
      if (isRequired(before) || !isRequired(after)) return [];
      // A field is absent in sessions that never assigned it, whatever the schema says.
      if (after.kind === "field") return before.attributes?.required ? [] : [{ ...found, class: "safe" }];
      return [found];
    }),
};
