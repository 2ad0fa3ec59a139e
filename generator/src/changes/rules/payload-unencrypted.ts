import type { Rule } from "../rule.js";

/** Sessions are encrypted as a whole no longer. */
export const payloadUnencrypted: Rule = {
  title: "Sessions are not encrypted as a whole any more",
  class: "step",
  steps: ["two-deploys"],
  otherwise: {
    safe: "where the older version has `acceptPlain`, and the secrets stay",
    breaking: "where the secrets are gone with it",
  },
  why: "The newer version reads what is encrypted as long as it has the secret, and writes in the open. An older version refuses that, unless it has `acceptPlain`.",
  loss: {
    what: "the session as a whole, on the older version",
    who: "users whose session the newer version has written",
    until: "no older version runs any more",
  },
  instead:
    "First a release with `acceptPlain: true`; when it runs everywhere, take `payload` away; keep the secrets until the lifetime of sessions is over, or a backfill has been through.",
  isLeftBehind: true,
  example: {
    before: `schema: z.object({ visits: z.int().default(0) }),
encryption: { secrets: [env("SECRET")], payload: true }`,
    after: `schema: z.object({ visits: z.int().default(0) }),
encryption: { secrets: [env("SECRET")] }`,
  },
  find: ({ before, after }) => {
    const [was, is] = [before.snapshot.encryption, after.snapshot.encryption];
    if (was?.payload !== true || is?.payload === true) return [];
    const found = {
      path: "encryption.payload",
      at: ["encryption"],
      summary: "Sessions are not encrypted as a whole any more",
    };
    if (is === undefined) {
      const loss = {
        what: "the session as a whole",
        who: "everybody who has one",
        until: "they log in again, or the secret is back",
      };
      return [{ ...found, summary: `${found.summary}, and the secrets are gone`, class: "breaking", loss }];
    }
    return [was.acceptPlain === true ? { ...found, class: "safe" } : found];
  },
};
