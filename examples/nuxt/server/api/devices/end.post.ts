import { defineEventHandler, readBody, sendNoContent } from "h3";
import { sessions } from "../../session";

// A handle of somebody else's session finds nothing: only this user's are looked at.
export default defineEventHandler(async (event) => {
  const { user } = event.context.session;
  const { handle } = await readBody<{ handle: string }>(event);
  if (user !== undefined) await sessions.revoke(handle, { by: ["user.id", user.id] });
  return sendNoContent(event);
});
