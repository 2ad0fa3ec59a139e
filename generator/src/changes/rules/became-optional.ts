import { isRequired } from "../parts.js";
import type { Rule } from "../rule.js";

/** What had to be there need not be. */
export const becameOptional: Rule = {
  title: "A property, or a field, may be absent that had to be there",
  class: "once-deployed",
  otherwise: { safe: "of a field, which every version may find absent" },
  why: "The newer version reads all that is stored. An object without the property cannot be read by an older version: to it, the field around is absent.",
  instead: "Leave it out when no older version runs any more.",
  example: {
    before: "schema: z.object({ user: z.object({ id: z.string(), name: z.string() }).optional() })",
    after: "schema: z.object({ user: z.object({ id: z.string(), name: z.string().optional() }).optional() })",
  },
  find: ({ parts }) =>
    parts.kept
      .filter(({ before, after }) => isRequired(before) && !isRequired(after))
      .map(({ after: { path, kind } }) => ({
        path,
        summary: `${path} may be absent now`,
        ...(kind === "field" && { class: "safe" }),
      })),
};
