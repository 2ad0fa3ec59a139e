import { cookieChanges } from "../cookie-changes.js";
import type { Rule } from "../rule.js";

/** The cookie has other attributes. */
export const cookieAttributesChanged: Rule = {
  title: "`secure`, `httpOnly`, `sameSite`, `priority`, `refresh` or `clearCache` of the cookie changed",
  class: "safe",
  why: "Browsers take the attributes of the answer that sets the cookie: cookies that are about keep theirs until they are set again. The session goes on.",
  example: {
    before: 'cookie: { sameSite: "lax" }',
    after: 'cookie: { sameSite: "strict" }',
  },
  find: (comparison) =>
    cookieChanges(comparison, ["secure", "httpOnly", "sameSite", "priority", "refresh", "clearCache"]),
};
