import type { APIRoute } from "astro";

// middleware.ts adds the other visit.
export const GET: APIRoute = ({ locals }) => {
  locals.session.visits += 1;
  return Response.json({});
};
