import type { APIRoute } from "astro";
import { login } from "../../lib/shop";

export const POST: APIRoute = async ({ locals: { session }, request }) => {
  const { name } = await request.json();
  login(session, name, request);
  return new Response(null, { status: 204 });
};
