import type { APIRoute } from "astro";

export const GET: APIRoute = ({ locals }) => {
  locals.session.visits += 1;
  return new Response(null, { status: 304, headers: { etag: '"page"' } });
};
