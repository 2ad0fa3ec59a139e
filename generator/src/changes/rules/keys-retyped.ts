import { restsOf } from "../rests.js";
import type { Rule } from "../rule.js";

/** What an object does not list is kept as values of another type. */
export const keysRetyped: Rule = {
  title: "Keys that an object does not list are of another type",
  class: "breaking",
  why: "They have no slots, by which the old values could be told from the new ones. A value that is none of the new type makes the whole object unreadable, and one that looks like one is read as such: a date as a number.",
  loss: {
    what: "the field that has the object, with all that is in it",
    who: "sessions that have such keys, and an older version of what the newer one writes",
    until: "it is assigned anew",
  },
  instead:
    "Keep the type, and list what is to be of another one; or put the new ones into an object of their own.",
  example: {
    before: "schema: z.object({ counts: z.object({}).catchall(z.int()).optional() })",
    after: "schema: z.object({ counts: z.object({}).catchall(z.string()).optional() })",
  },
  find: (comparison) =>
    restsOf(comparison).flatMap(({ path, before, after }) =>
      before === undefined || after === undefined
        ? []
        : [{ path, summary: `The keys that ${path} does not list were ${before} and are ${after}` }],
    ),
};
