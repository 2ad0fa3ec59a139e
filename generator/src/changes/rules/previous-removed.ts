import { previousOf } from "../previous.js";
import type { Rule } from "../rule.js";

/** Sessions are no longer looked for under the keys of before. */
export const previousRemoved: Rule = {
  title: "`previous` names an identity no longer",
  class: "breaking",
  why: "Sessions move to the key of today when they are written. Whoever has not come since the identity changed still has one under the key of before.",
  loss: {
    what: "the session as a whole",
    who: "users whose session was not written since the identity changed",
    until: "they log in again",
  },
  instead:
    "Wait until the lifetime of the sessions of before is over, permanent ones included; then nobody is left, and `--accept previous-removed` says so.",
  example: {
    before: 'schema: z.object({ visits: z.int().default(0) }), realm: "one", previous: [{ realm: "two" }]',
    after: 'schema: z.object({ visits: z.int().default(0) }), realm: "one"',
  },
  find: ({ before, after }) =>
    previousOf(before, after).map((text) => ({
      path: "previous",
      at: ["previous"],
      summary: `Sessions are not looked for by ${text} any more`,
    })),
};
