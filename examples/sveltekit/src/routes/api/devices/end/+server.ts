import { endDevice } from "$lib/server/shop";
import type { RequestHandler } from "./$types";

export const POST: RequestHandler = async ({ locals: { session }, request }) => {
  const { handle } = await request.json();
  await endDevice(session, handle);
  return new Response(null, { status: 204 });
};
