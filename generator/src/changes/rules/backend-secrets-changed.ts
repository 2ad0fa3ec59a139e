import { ofEnvironment } from "../environments.js";
import type { Rule } from "../rule.js";
import { ofSecrets, secretFindings } from "../secret-findings.js";
import { secretsIn } from "../snapshot-form.js";

/** Sessions in cookies are sealed by other secrets. */
export const backendSecretsChanged: Rule = {
  title: "The secrets of sessions that are cookies changed",
  ...ofSecrets,
  why: "The first secret protects, all open. An older version cannot open what a secret protects that it does not have.",
  loss: {
    what: "the session as a whole, on the older version",
    who: "users whose cookie the newer version has set",
    until: "no older version runs any more",
  },
  instead:
    "First behind the others, everywhere; then in front, everywhere; take the old one out when the lifetime of sessions is over.",
  example: {
    before: 'backend: { kind: "cookie", secrets: [env("SECRET")] }',
    after: 'backend: { kind: "cookie", secrets: [env("NEW_SECRET"), env("SECRET")] }',
  },
  find: ({ backends }) =>
    backends
      .filter(({ before, after }) => before.kind === after.kind)
      .flatMap(({ name, before, after, at }) =>
        secretFindings({
          before: secretsIn(before),
          after: secretsIn(after),
          path: [...at, "secrets"].join("."),
          at: [...at, "secrets"],
          what: `The secrets of the backend${ofEnvironment(name)}`,
          gone: {
            what: "the session as a whole",
            who: "users whose cookie was protected by it",
            until: "they log in again; with a leaked secret, that is what it is for",
          },
        }),
      ),
};
