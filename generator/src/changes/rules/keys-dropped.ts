import { restsOf } from "../rests.js";
import type { Rule } from "../rule.js";

/** An object no longer has keys that the schema does not list. */
export const keysDropped: Rule = {
  title: "Keys that an object does not list are not kept any more",
  class: "breaking",
  why: "An object that was loose, or had a catchall, is read without its other keys. They stay stored as long as it is changed in place; an object that is made anew has none.",
  loss: {
    what: "the keys that the object does not list",
    who: "sessions that have some",
    until:
      "the keys are listed; where the newer version makes the object anew they are gone for the older one, too",
  },
  instead: "List the keys that matter first.",
  example: {
    before: "schema: z.object({ settings: z.looseObject({ theme: z.string() }).optional() })",
    after: "schema: z.object({ settings: z.object({ theme: z.string() }).optional() })",
  },
  find: (comparison) =>
    restsOf(comparison)
      .filter(({ before, after }) => before !== undefined && after === undefined)
      .map(({ path }) => ({ path, summary: `${path} drops the keys that it does not list` })),
};
