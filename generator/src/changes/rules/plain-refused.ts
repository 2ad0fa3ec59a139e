import type { Rule } from "../rule.js";

/** What is not encrypted is no longer read. */
export const plainRefused: Rule = {
  title: "`acceptPlain` was taken away",
  class: "step",
  steps: ["backfill"],
  why: "Sessions that were not written since there is encryption still have in the open what is to be encrypted.",
  loss: {
    what: "what is stored in the open and should be encrypted: it reads as absent",
    who: "sessions that were not written since",
    until: "it is assigned anew",
  },
  instead: "`sessgen backfill` first, or wait until the lifetime of sessions is over.",
  example: {
    before: `schema: z.object({ token: z.string().optional() }),
fields: { token: { encrypt: true } },
encryption: { secrets: [env("SECRET")], acceptPlain: true }`,
    after: `schema: z.object({ token: z.string().optional() }),
fields: { token: { encrypt: true } },
encryption: { secrets: [env("SECRET")] }`,
  },
  find: ({ before, after }) => {
    const [was, is] = [before.snapshot.encryption, after.snapshot.encryption];
    if (was?.acceptPlain !== true || is === undefined || is.acceptPlain === true) return [];
    return [
      {
        path: "encryption.acceptPlain",
        at: ["encryption"],
        summary: "What is stored in the open is not read any more",
      },
    ];
  },
};
