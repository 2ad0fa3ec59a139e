import type { Rule } from "../rule.js";
import { ofSecrets, secretFindings } from "../secret-findings.js";

/** Sessions are encrypted by other secrets. */
export const encryptionSecretsChanged: Rule = {
  title: "The secrets of the encryption changed",
  ...ofSecrets,
  why: "The first secret encrypts, all decrypt. An older version cannot read what a secret has encrypted that it does not have, and carries it along.",
  loss: {
    what: "what is encrypted, on the older version: fields read as absent",
    who: "sessions that the newer version has written",
    until: "no older version runs any more",
  },
  instead:
    "First behind the others, everywhere; then in front, everywhere; take the old one out when `sessgen verify` says that no session needs it: after a backfill, or the lifetime of sessions.",
  isLeftBehind: true,
  example: {
    before: `schema: z.object({ token: z.string().optional() }),
fields: { token: { encrypt: true } },
encryption: { secrets: [env("SECRET")] }`,
    after: `schema: z.object({ token: z.string().optional() }),
fields: { token: { encrypt: true } },
encryption: { secrets: [env("NEW_SECRET"), env("SECRET")] }`,
  },
  find: ({ before, after }) => {
    const [was, is] = [before.snapshot.encryption, after.snapshot.encryption];
    if (was === undefined) return [];
    return secretFindings({
      before: was.secrets,
      after: is?.secrets ?? [],
      path: "encryption.secrets",
      at: ["encryption", "secrets"],
      what: "The secrets of the encryption",
      gone: {
        what: "what it has encrypted: fields read as absent, and whole sessions are begun anew",
        who: "sessions that were not written since another secret is in front",
        until: "they are assigned anew, or the secret is back",
      },
    });
  },
};
