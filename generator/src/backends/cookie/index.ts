import type { BackendConfig } from "../../config/values.js";
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
  // Of workerd, which has no files.
  signs: ["wrangler."],
  store: { module: "@sessgen/runtime/stores/cookie", factory: "cookieStore", type: "SessionCarrier" },
  limits: [
    "A session cannot be revoked: a copy of its cookie stays good until it expires, after logout, too.",
    "Everybody is logged out by changing the secrets, and not by `revokeAll`.",
    "Of two requests at once, the later response wins; nothing is merged.",
    "There is room for some kilobytes.",
    "An id that was changed leaves no trace: a request beside a login may put the old cookie in the new one's place.",
  ],
  room,
  outOfReach: true,
  cookiesOnly: true,
  noIndex: "its sessions are in the users' browsers",
};

/** Characters of one cookie's value, of which browsers keep 4096 bytes with name and attributes. */
const CHUNK = 3800;
/** How many cookies there are, and when they were issued. */
const IN_FRONT = 2 + 6;
/** The id, the expiry; and what seals them, or signs them. */
const CONTENT = 1 + 32 + 8;
const AROUND = { sealed: 37, signed: 33 } as const;

/** The bytes that are left for a session: three of four characters of base64url. */
function room({ mode = "sealed", maxChunks = 2 }: BackendConfig): number {
  const bytes = Math.floor(((Number(maxChunks) * CHUNK - IN_FRONT) * 3) / 4);
  return bytes - CONTENT - AROUND[mode === "signed" ? "signed" : "sealed"];
}
