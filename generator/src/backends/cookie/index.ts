import type { Backend } from "../backend.js";
import { kept, options } from "./options.js";

/** The cookie itself: nothing to run, nothing to migrate. */
export const cookie: Backend = {
  kind: "cookie",
  options,
  kept,
  first: {
    hint: "the cookie itself: no server, no revocation",
    code: 'kind: "cookie", secrets: [env("SESSION_SECRET")]',
  },
  store: { module: "@sessgen/runtime/stores/cookie", factory: "cookieStore", type: "SessionCarrier" },
  limits: [
    "A session cannot be revoked: a copy of its cookie stays good until it expires, after logout, too.",
    "Everybody is logged out by changing the secrets, and not by `revokeAll`.",
    "Of two requests at once, the later response wins; nothing is merged.",
    "There is room for some kilobytes.",
    "An id that was changed leaves no trace: a request beside a login may put the old cookie in the new one's place.",
  ],
  outOfReach: true,
  cookiesOnly: true,
  noIndex: "its sessions are in the users' browsers",
};
