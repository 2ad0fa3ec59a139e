import { previousOf } from "../previous.js";
import type { Rule } from "../rule.js";

/** Sessions are looked for under other keys, too. */
export const previousAdded: Rule = {
  title: "`previous` names another identity",
  class: "safe",
  why: "Sessions that are not found under the key of today are looked for under the other one, too. What a change of identity takes with it is said by the rule of that change.",
  example: {
    before: 'schema: z.object({ visits: z.int().default(0) }), realm: "one"',
    after: 'schema: z.object({ visits: z.int().default(0) }), realm: "one", previous: [{ realm: "two" }]',
  },
  find: ({ before, after }) =>
    previousOf(after, before).map((text) => ({
      path: "previous",
      at: ["previous"],
      summary: `Sessions are looked for by ${text}, too`,
    })),
};
