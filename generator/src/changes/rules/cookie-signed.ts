import { ofEnvironment } from "../environments.js";
import type { Rule } from "../rule.js";

/** Cookies are signed from now on. */
export const cookieSigned: Rule = {
  title: "Cookies are signed that were not",
  class: "safe",
  otherwise: { breaking: "without `acceptUnsigned`" },
  why: "With `acceptUnsigned`, sessions from before go on and get a signed cookie with their next request. An older version takes the id and leaves the signature alone.",
  instead: "`acceptUnsigned: true` until the lifetime of the unsigned sessions is over.",
  example: {
    before: 'cookie: { name: "__Host-session" }',
    after: 'cookie: { name: "__Host-session", secrets: [env("SECRET")], acceptUnsigned: true }',
  },
  find: ({ cookies }) =>
    cookies
      .filter(({ before, after }) => before.secrets === undefined && after.secrets !== undefined)
      .map(({ name, after, at }) => {
        const found = {
          path: "cookie.secrets",
          at: [...at, "secrets"],
          summary: `Cookies${ofEnvironment(name)} are signed now`,
        };
        if (after.acceptUnsigned === true) return found;
        const loss = {
          what: "the session as a whole",
          who: "everybody whose cookie has no signature",
          until: "they log in again",
        };
        return { ...found, summary: `${found.summary}, without acceptUnsigned`, class: "breaking", loss };
      }),
};
