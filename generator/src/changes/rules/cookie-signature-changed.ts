import { cookieChanges } from "../cookie-changes.js";
import { everybody } from "../losses.js";
import type { Rule } from "../rule.js";

/** Signatures are made otherwise. */
export const cookieSignatureChanged: Rule = {
  title: "`digest` or `salt` of the cookie changed",
  class: "breaking",
  why: "No signature that is about can be verified any more.",
  loss: everybody,
  instead:
    "Keep both. With `acceptUnsigned: true` for the lifetime of sessions nobody is logged out, and signatures protect nobody meanwhile.",
  example: {
    before: 'cookie: { name: "__Host-session", secrets: [env("SECRET")] }',
    after: 'cookie: { name: "__Host-session", secrets: [env("SECRET")], digest: "sha512" }',
  },
  find: (comparison) => cookieChanges(comparison, ["digest", "salt"]),
};
