import type { APIRoute } from "astro";
import { sessions } from "../../../session";

export const GET: APIRoute = async ({ locals: { session } }) => {
  if (session.user === undefined) return Response.json([]);
  return Response.json(await sessions.list("user.id", session.user.id, { current: session }));
};
