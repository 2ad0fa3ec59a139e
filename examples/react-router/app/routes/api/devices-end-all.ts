import { sessions } from "../../.server/session";
import { sessionContext } from "../../.server/session/react-router";
import type { Route } from "./+types/devices-end-all";

export async function action({ context }: Route.ActionArgs) {
  const session = context.get(sessionContext);
  if (session.user !== undefined) {
    await sessions.destroyBy("user.id", session.user.id, { except: session });
    await session.$destroy();
  }
  return new Response(null, { status: 204 });
}
