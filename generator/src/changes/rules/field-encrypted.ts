import type { Rule } from "../rule.js";

/** A field is encrypted from now on. */
export const fieldEncrypted: Rule = {
  title: "A field is encrypted that was not",
  class: "step",
  steps: ["two-deploys"],
  otherwise: {
    safe: "where the older version has the secret and `acceptPlain` already",
    breaking: "without `acceptPlain`",
  },
  why: "With `acceptPlain` the newer version reads what is stored in the open. An older version without the secret cannot read what the newer one has encrypted; it carries it along.",
  loss: {
    what: "the field, for the older version: it reads as absent",
    who: "sessions whose field the newer version has written",
    until: "no older version runs any more",
  },
  instead:
    "First a release with `encryption: { secrets, acceptPlain: true }` and nothing encrypted; when it runs everywhere, `encrypt: true`; when the lifetime of sessions is over, or after a backfill, take `acceptPlain` away.",
  isLeftBehind: true,
  example: {
    before: "schema: z.object({ token: z.string().optional() })",
    after: `schema: z.object({ token: z.string().optional() }),
fields: { token: { encrypt: true } },
encryption: { secrets: [env("SECRET")], acceptPlain: true }`,
  },
  find: ({ parts, before, after }) =>
    parts.kept
      .filter((pair) => !pair.before.attributes?.["encrypt"] && pair.after.attributes?.["encrypt"] === true)
      .map(({ after: { path } }) => {
        const found = { path, at: ["fields", path, "encrypt"], summary: `${path} is encrypted now` };
        if (after.snapshot.encryption?.acceptPlain !== true) {
          const loss = {
            what: "the field: what is stored in the open reads as absent",
            who: "every session that has it",
            until: "it is assigned anew",
          };
          return { ...found, summary: `${found.summary}, without acceptPlain`, class: "breaking", loss };
        }
        return before.snapshot.encryption === undefined ? found : { ...found, class: "safe" };
      }),
};
