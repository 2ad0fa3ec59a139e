import { route } from "../../../route";
import { sessions } from "../../../session";

export const GET = route(async (session) => {
  if (session.user === undefined) return Response.json([]);
  return Response.json(await sessions.list("user.id", session.user.id, { current: session }));
});
