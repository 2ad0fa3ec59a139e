import type { APIRoute } from "astro";

export const POST: APIRoute = async ({ locals, request }) => {
  locals.session.visits += 1;
  return new Response(await request.text());
};
