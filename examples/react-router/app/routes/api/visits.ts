import { sessionContext } from "../../.server/session/react-router";
import type { Route } from "./+types/visits";

export function loader({ context }: Route.LoaderArgs) {
  const session = context.get(sessionContext);
  session.visits += 1;
  return Response.json(session);
}
