import { ofEnvironment } from "../environments.js";
import type { Rule } from "../rule.js";
import { ofSecrets, secretFindings } from "../secret-findings.js";

/** Cookies are signed by other secrets. */
export const cookieSecretsChanged: Rule = {
  title: "The secrets of the cookie changed",
  ...ofSecrets,
  why: "The first secret signs, all verify. An older version cannot verify what a secret has signed that it does not have: for an hour it leaves the cookie alone, and the request is anonymous.",
  loss: {
    what: "the session as a whole, on the older version",
    who: "users whose cookie the newer version has signed",
    until: "no older version runs any more",
  },
  instead:
    "First behind the others, everywhere; then in front, everywhere; take the old one out when the lifetime of sessions is over.",
  example: {
    before: 'cookie: { name: "__Host-session", secrets: [env("SECRET")] }',
    after: 'cookie: { name: "__Host-session", secrets: [env("NEW_SECRET"), env("SECRET")] }',
  },
  find: ({ cookies }) =>
    cookies.flatMap(({ name, before, after, at }) =>
      before.secrets === undefined || after.secrets === undefined
        ? []
        : secretFindings({
            before: before.secrets,
            after: after.secrets,
            path: "cookie.secrets",
            at: [...at, "secrets"],
            what: `The secrets of the cookie${ofEnvironment(name)}`,
            gone: {
              what: "the session as a whole",
              who: "users whose cookie was signed by it",
              until: "they log in again; with a leaked secret, that is what it is for",
            },
          }),
    ),
};
