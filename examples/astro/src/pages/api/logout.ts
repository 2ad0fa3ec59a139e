import type { APIRoute } from "astro";
import { logout } from "../../lib/shop";

export const POST: APIRoute = async ({ locals: { session } }) => {
  await logout(session);
  return new Response(null, { status: 204 });
};
