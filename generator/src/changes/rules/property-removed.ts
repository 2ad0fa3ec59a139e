import { isRequired } from "../parts.js";
import type { Rule } from "../rule.js";

/** A property went. */
export const propertyRemoved: Rule = {
  title: "A property of an object was removed",
  class: "step",
  steps: ["two-deploys"],
  otherwise: { "once-deployed": "where the older version could do without it" },
  why: "The newer version reads the objects that are stored. Those that it writes lack the property, and an older version that insists on it cannot read them.",
  loss: {
    what: "the whole field around it, for the older version",
    who: "sessions whose object the newer version has written",
    until: "no older version runs any more",
  },
  instead:
    "First a release in which the property is optional or has a default; when it runs everywhere, remove it.",
  isLeftBehind: true,
  example: {
    before: "schema: z.object({ user: z.object({ id: z.string(), name: z.string() }).optional() })",
    after: "schema: z.object({ user: z.object({ id: z.string() }).optional() })",
  },
  find: ({ parts }) =>
    parts.removed
      .filter(({ kind }) => kind === "property")
      .map((part) => ({
        path: part.path,
        summary: `The property ${part.path} was removed`,
        ...(isRequired(part) ? {} : { class: "once-deployed" }),
      })),
};
