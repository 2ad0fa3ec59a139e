import { route } from "../../../../route";
import { sessions } from "../../../../session";

// A handle of somebody else's session finds nothing: only this user's are looked at.
export const POST = route(async ({ user }, request) => {
  const { handle } = await request.json();
  if (user !== undefined) await sessions.revoke(handle, { by: ["user.id", user.id] });
  return new Response(null, { status: 204 });
});
