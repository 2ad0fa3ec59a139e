import { logout } from "$lib/server/shop";
import type { RequestHandler } from "./$types";

export const POST: RequestHandler = async ({ locals: { session } }) => {
  await logout(session);
  return new Response(null, { status: 204 });
};
