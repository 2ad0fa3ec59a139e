import { cookieChanges } from "../cookie-changes.js";
import { everybody } from "../losses.js";
import type { Rule } from "../rule.js";

/** The cookie is called otherwise. */
export const cookieRenamed: Rule = {
  title: "The cookie is called otherwise",
  class: "breaking",
  why: "Browsers send the cookie under the name that it was set by, and the newer version looks for another one. While both versions run, users are logged in on one of them and not on the other.",
  loss: everybody,
  instead: "Keep the name. `secure` decides on the default name, too: say `cookie.name` where you change it.",
  example: {
    before: 'cookie: { name: "__Host-session" }',
    after: 'cookie: { name: "__Host-shop" }',
  },
  find: (comparison) => cookieChanges(comparison, ["name"]),
};
