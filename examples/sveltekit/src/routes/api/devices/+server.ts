import { json } from "@sveltejs/kit";
import { sessions } from "$lib/server/session";
import type { RequestHandler } from "./$types";

export const GET: RequestHandler = async ({ locals: { session } }) => {
  if (session.user === undefined) return json([]);
  return json(await sessions.list("user.id", session.user.id, { current: session }));
};
