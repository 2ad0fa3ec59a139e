import { isRequired } from "../parts.js";
import type { Rule } from "../rule.js";

/** A property came that may be absent. */
export const propertyAdded: Rule = {
  title: "A property of an object was added that may be absent",
  class: "once-deployed",
  why: "The newer version reads objects without it. An older version keeps the property when it changes the object in place or copies it (`user = { ...user }`), and an object that it makes anew has none.",
  instead: "Rely on it when no older version runs any more.",
  example: {
    before: "schema: z.object({ user: z.object({ id: z.string() }).optional() })",
    after: "schema: z.object({ user: z.object({ id: z.string(), nick: z.string().optional() }).optional() })",
  },
  find: ({ parts }) =>
    parts.added
      .filter((part) => part.kind === "property" && !isRequired(part))
      .map(({ path }) => ({ path, summary: `The property ${path} was added` })),
};
