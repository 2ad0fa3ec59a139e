import { cookieChanges } from "../cookie-changes.js";
import type { Rule } from "../rule.js";

/** The cookie has another domain or path. */
export const cookieMoved: Rule = {
  title: "The cookie's `domain`, `path` or `partitioned` changed",
  class: "breaking",
  otherwise: { safe: "where the cookie is signed by a secret that both versions have" },
  why: "Browsers know a cookie by its name, domain and path. They keep the old one and send both, as soon as there is another one. Which of them counts only a signature tells.",
  loss: {
    what: "the session as a whole",
    who: "users whose browser sends two different cookies, or the old one no more",
    until: "they log in again",
  },
  instead: "Sign cookies first (`cookie.secrets`, with `acceptUnsigned`).",
  example: {
    before: 'cookie: { name: "session", path: "/app" }',
    after: 'cookie: { name: "session", path: "/" }',
  },
  find: (comparison) =>
    cookieChanges(comparison, ["domain", "path", "partitioned"]).map((found) => {
      const pair = comparison.cookies.find(({ name }) => name === found.environment);
      const isSigned = pair?.before.secrets !== undefined && pair.after.secrets !== undefined;
      return isSigned ? { ...found, class: "safe" } : found;
    }),
};
