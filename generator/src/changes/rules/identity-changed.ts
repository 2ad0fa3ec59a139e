import { policyChanges } from "../policy-changes.js";
import type { Rule } from "../rule.js";

/** Who the user is, and what becomes of the rest of the session, is judged otherwise. */
export const identityChanged: Rule = {
  title: "The policies `identity`, `onLogin` or `onNewUser` changed",
  class: "once-deployed",
  why: "Which change of a field is another user, and what then becomes of all other fields, is up to the version that commits it. Nothing changes for users who are logged in.",
  instead: "Rely on it when no older version runs any more.",
  example: {
    before: `schema: z.object({ user: z.object({ id: z.string(), name: z.string() }).optional(), cart: z.array(z.string()).default([]) }),
fields: { user: { regenerate: "on-change" } }`,
    after: `schema: z.object({ user: z.object({ id: z.string(), name: z.string() }).optional(), cart: z.array(z.string()).default([]) }),
fields: { user: { regenerate: "on-change", identity: "id" } }`,
  },
  find: (comparison) => policyChanges(comparison, ["identity", "onLogin", "onNewUser"]),
};
