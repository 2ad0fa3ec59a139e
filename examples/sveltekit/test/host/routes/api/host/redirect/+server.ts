import type { RequestHandler } from "@sveltejs/kit";

export const GET: RequestHandler = ({ locals }) => {
  locals.session.visits += 1;
  return new Response(null, { status: 303, headers: { location: "/api/notice" } });
};
