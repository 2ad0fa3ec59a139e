import { sessions } from "../../.server/session";
import { sessionContext } from "../../.server/session/react-router";
import type { Route } from "./+types/devices-end";

// A handle of somebody else's session finds nothing: only this user's are looked at.
export async function action({ context, request }: Route.ActionArgs) {
  const { user } = context.get(sessionContext);
  const { handle } = await request.json();
  if (user !== undefined) await sessions.revoke(handle, { by: ["user.id", user.id] });
  return new Response(null, { status: 204 });
}
