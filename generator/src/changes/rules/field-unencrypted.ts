import type { Rule } from "../rule.js";

/** A field is encrypted no longer. */
export const fieldUnencrypted: Rule = {
  title: "A field is not encrypted any more",
  class: "step",
  steps: ["two-deploys"],
  otherwise: {
    safe: "where the older version has `acceptPlain`, and the secrets stay",
    breaking: "where the secrets are gone with it",
  },
  why: "The newer version reads what is encrypted as long as it has the secret, and writes in the open. An older version refuses what is not encrypted, unless it has `acceptPlain`.",
  loss: {
    what: "the field, for the older version: it reads as absent",
    who: "sessions whose field the newer version has written",
    until: "no older version runs any more",
  },
  instead:
    "First a release with `acceptPlain: true`; when it runs everywhere, take `encrypt` away; keep the secrets until the lifetime of sessions is over, or a backfill has been through.",
  isLeftBehind: true,
  example: {
    before: `schema: z.object({ token: z.string().optional() }),
fields: { token: { encrypt: true } },
encryption: { secrets: [env("SECRET")] }`,
    after: `schema: z.object({ token: z.string().optional() }),
encryption: { secrets: [env("SECRET")] }`,
  },
  find: ({ parts, before, after }) =>
    parts.kept
      .filter((pair) => pair.before.attributes?.["encrypt"] === true && !pair.after.attributes?.["encrypt"])
      .map(({ after: { path } }) => {
        const found = { path, at: ["fields", path], summary: `${path} is not encrypted any more` };
        if (after.snapshot.encryption === undefined) {
          const loss = {
            what: "the field: what is encrypted cannot be read without the secret",
            who: "every session that has it",
            until: "it is assigned anew, or the secret is back",
          };
          return { ...found, summary: `${found.summary}, and the secrets are gone`, class: "breaking", loss };
        }
        return before.snapshot.encryption?.acceptPlain === true ? { ...found, class: "safe" } : found;
      }),
};
