import type { APIRoute } from "astro";
import { endAllDevices } from "../../../lib/shop";

export const POST: APIRoute = async ({ locals: { session } }) => {
  await endAllDevices(session);
  return new Response(null, { status: 204 });
};
