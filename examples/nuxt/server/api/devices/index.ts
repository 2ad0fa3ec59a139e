import { defineEventHandler } from "h3";
import { sessions } from "../../session";

/** Where users see in which places they are logged in. */
export default defineEventHandler(async ({ context: { session } }) => {
  if (session.user === undefined) return [];
  return sessions.list("user.id", session.user.id, { current: session });
});
