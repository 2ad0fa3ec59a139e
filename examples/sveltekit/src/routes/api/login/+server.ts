import { login } from "$lib/server/shop";
import type { RequestHandler } from "./$types";

export const POST: RequestHandler = async ({ locals: { session }, request }) => {
  const { name } = await request.json();
  login(session, name, request);
  return new Response(null, { status: 204 });
};
