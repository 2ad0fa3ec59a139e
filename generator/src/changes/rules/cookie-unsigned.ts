import { ofEnvironment } from "../environments.js";
import type { Rule } from "../rule.js";

/** Cookies are signed no longer. */
export const cookieUnsigned: Rule = {
  title: "Cookies are not signed any more",
  class: "step",
  steps: ["two-deploys"],
  otherwise: { safe: "where the older version has `acceptUnsigned`" },
  why: "The newer version takes the id and leaves the signature alone. An older version refuses the unsigned cookies that it sets.",
  loss: {
    what: "the session as a whole, on the older version",
    who: "users whose cookie the newer version has set",
    until: "no older version runs any more",
  },
  instead: "First a release with `acceptUnsigned: true`; when it runs everywhere, take `secrets` away.",
  example: {
    before: 'cookie: { name: "__Host-session", secrets: [env("SECRET")] }',
    after: 'cookie: { name: "__Host-session" }',
  },
  find: ({ cookies }) =>
    cookies
      .filter(({ before, after }) => before.secrets !== undefined && after.secrets === undefined)
      .map(({ name, before, at }) => ({
        path: "cookie.secrets",
        at,
        summary: `Cookies${ofEnvironment(name)} are not signed any more`,
        ...(before.acceptUnsigned === true && { class: "safe" }),
      })),
};
