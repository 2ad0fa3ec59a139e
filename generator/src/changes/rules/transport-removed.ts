import type { Rule } from "../rule.js";
import { transportsOf } from "../transports.js";

/** Sessions no longer travel in a way that they did. */
export const transportRemoved: Rule = {
  title: "A transport was removed",
  class: "breaking",
  why: "Tokens that come that way are not looked at.",
  loss: {
    what: "the session as a whole",
    who: "clients that bring their token that way",
    until: "they log in again, another way",
  },
  instead: "Put the new one in front and keep the old one behind it until no client uses it any more.",
  example: {
    before: 'transport: ["cookie", "bearer"]',
    after: 'transport: "cookie"',
  },
  find: (comparison) =>
    transportsOf(comparison).removed.map((name) => ({
      path: "transport",
      at: ["transport"],
      summary: `Sessions do not travel by ${name} any more`,
    })),
};
