import { followed } from "../identities.js";
import { everybody } from "../losses.js";
import type { Rule } from "../rule.js";

/** The lock is of another application. */
export const applicationChanged: Rule = {
  title: "The lock is of another application",
  class: "breaking",
  otherwise: {
    step: "with `previous`, which names what it was",
    safe: "where the older version has the coming one in its own `previous`",
  },
  why: "The application's id is in every key, signature and seal. Another one makes everybody a stranger.",
  loss: everybody,
  instead:
    "Take the lock of the version that is deployed: `git checkout REF -- sessgen.lock.json`, and run `npx sessgen` again.",
  example: {
    note: "The lock was made anew.",
    before: "schema: z.object({ visits: z.int().default(0) })",
    after: "schema: z.object({ visits: z.int().default(0) })",
    edit: (lock) => ({ ...lock, application: "another-application-22" }),
  },
  find: (comparison) => {
    const { before, after } = comparison;
    const [was, is] = [before.lock.application, after.lock.application];
    if (was === is) return [];
    return [
      {
        path: "application",
        at: [],
        summary: `The lock was of the application ${was} and is of ${is}`,
        ...followed(comparison),
      },
    ];
  },
};
