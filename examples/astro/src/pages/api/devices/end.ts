import type { APIRoute } from "astro";
import { endDevice } from "../../../lib/shop";

export const POST: APIRoute = async ({ locals: { session }, request }) => {
  const { handle } = await request.json();
  await endDevice(session, handle);
  return new Response(null, { status: 204 });
};
