import { restsOf } from "../rests.js";
import type { Rule } from "../rule.js";

/** An object no longer has keys that the schema does not list. */
export const keysDropped: Rule = {
  title: "Keys that an object does not list are not kept any more",
  class: "breaking",
  why: "An object that was loose, or had a catchall, is read without its other keys, and loses them when it is written.",
  loss: {
    what: "the keys that the object does not list",
    who: "sessions that have some",
    until: "the object is written by the newer version; then they are gone for the older one, too",
  },
  instead: "List the keys that matter first.",
  example: {
    before: "schema: z.object({ settings: z.looseObject({ theme: z.string() }).optional() })",
    after: "schema: z.object({ settings: z.object({ theme: z.string() }).optional() })",
  },
  find: (comparison) =>
    restsOf(comparison)
      .filter(({ before, after }) => before && !after)
      .map(({ path }) => ({ path, summary: `${path} drops the keys that it does not list` })),
};
