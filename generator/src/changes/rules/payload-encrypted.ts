import type { Rule } from "../rule.js";

/** Sessions are encrypted as a whole from now on. */
export const payloadEncrypted: Rule = {
  title: "Sessions are encrypted as a whole that were not (`encryption.payload`)",
  class: "step",
  steps: ["two-deploys"],
  otherwise: {
    safe: "where the older version has the secret already, and the newer one `acceptPlain`",
    breaking: "without `acceptPlain`",
  },
  why: "With `acceptPlain` the newer version reads what is stored in the open. An older version without the secret cannot read what the newer one writes.",
  loss: {
    what: "the session as a whole, on the older version",
    who: "users whose session the newer version has written",
    until: "no older version runs any more",
  },
  instead:
    "First a release with `encryption: { secrets, acceptPlain: true }`; when it runs everywhere, `payload: true`; when the lifetime of sessions is over, or after a backfill, take `acceptPlain` away.",
  isLeftBehind: true,
  example: {
    before: "schema: z.object({ visits: z.int().default(0) })",
    after: `schema: z.object({ visits: z.int().default(0) }),
encryption: { secrets: [env("SECRET")], payload: true, acceptPlain: true }`,
  },
  find: ({ before, after }) => {
    const [was, is] = [before.snapshot.encryption, after.snapshot.encryption];
    if (was?.payload === true || is?.payload !== true) return [];
    const found = {
      path: "encryption.payload",
      at: ["encryption", "payload"],
      summary: "Sessions are encrypted as a whole now",
    };
    if (is.acceptPlain !== true) {
      const loss = {
        what: "the session as a whole",
        who: "everybody whose session was stored before",
        until: "they log in again",
      };
      return [{ ...found, summary: `${found.summary}, without acceptPlain`, class: "breaking", loss }];
    }
    return [was === undefined ? found : { ...found, class: "safe" }];
  },
};
