import type { Rule } from "../rule.js";
import { transportsOf } from "../transports.js";

/** Sessions travel in one way more. */
export const transportAdded: Rule = {
  title: "A transport was added",
  class: "once-deployed",
  why: "An older version does not look at tokens that come that way: to it, the client is anonymous.",
  instead: "Have clients use it when no older version runs any more.",
  example: {
    before: 'transport: "cookie"',
    after: 'transport: ["cookie", "bearer"]',
  },
  find: (comparison) =>
    transportsOf(comparison).added.map((name) => ({
      path: "transport",
      at: ["transport"],
      summary: `Sessions travel by ${name}, too`,
    })),
};
