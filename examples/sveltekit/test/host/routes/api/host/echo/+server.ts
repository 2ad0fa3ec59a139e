import type { RequestHandler } from "@sveltejs/kit";

export const POST: RequestHandler = async ({ locals, request }) => {
  locals.session.visits += 1;
  return new Response(await request.text());
};
