import { isRequired } from "../parts.js";
import type { Rule } from "../rule.js";

/** Something is stored in another way. */
export const typeChanged: Rule = {
  title: "The type of a field or a property changed",
  class: "breaking",
  why: "The new type gets a slot of its own, for the old bytes would be misread. Each version reads what it wrote itself; json and msgpack, which store names, have room for one of the two.",
  loss: {
    what: "the value, which the newer version reads as absent or as its default",
    who: "every session that has one",
    until: "it is assigned anew; in json and msgpack it is then gone for the older version, too",
  },
  instead:
    "Add a field of the new type beside the old one, fill it in from the old one as sessions come by, and remove the old one when their lifetime is over.",
  example: {
    before: "schema: z.object({ plan: z.string().optional() })",
    after: "schema: z.object({ plan: z.int().optional() })",
  },
  find: ({ parts }) =>
    parts.retyped.map(({ before, after }) => {
      const summary = `${after.path} was ${before.type} and is ${after.type}`;
      if (after.kind === "field" || !isRequired(after)) return { path: after.path, summary };
      const loss = {
        what: `all of ${after.owner}, for what is stored has nothing of the new type`,
        who: "every session that has it",
        until: "it is assigned anew, which takes the old one away from the older version, too",
      };
      return { path: after.path, summary, loss };
    }),
};
