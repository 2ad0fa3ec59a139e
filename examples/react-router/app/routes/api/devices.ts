import { sessions } from "../../.server/session";
import { sessionContext } from "../../.server/session/react-router";
import type { Route } from "./+types/devices";

export async function loader({ context }: Route.LoaderArgs) {
  const session = context.get(sessionContext);
  if (session.user === undefined) return Response.json([]);
  return Response.json(await sessions.list("user.id", session.user.id, { current: session }));
}
