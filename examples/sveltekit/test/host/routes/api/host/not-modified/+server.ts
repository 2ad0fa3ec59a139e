import type { RequestHandler } from "@sveltejs/kit";

// SvelteKit compares the ETag by itself.
export const GET: RequestHandler = ({ locals }) => {
  locals.session.visits += 1;
  return new Response("page", { headers: { etag: '"page"' } });
};
