import { restsOf } from "../rests.js";
import type { Rule } from "../rule.js";

/** An object has keys now that the schema does not list. */
export const keysKept: Rule = {
  title: "Keys that an object does not list are kept",
  class: "once-deployed",
  why: "An older version reads the object without them. It keeps them when it changes the object in place, and one that it makes anew has none.",
  instead: "Rely on them when no older version runs any more.",
  example: {
    before: "schema: z.object({ settings: z.object({ theme: z.string() }).optional() })",
    after: "schema: z.object({ settings: z.looseObject({ theme: z.string() }).optional() })",
  },
  find: (comparison) =>
    restsOf(comparison)
      .filter(({ before, after }) => before === undefined && after !== undefined)
      .map(({ path }) => ({ path, summary: `${path} keeps the keys that it does not list` })),
};
