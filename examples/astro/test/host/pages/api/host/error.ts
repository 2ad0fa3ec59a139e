import type { APIRoute } from "astro";

export const GET: APIRoute = ({ locals }) => {
  locals.session.visits += 1;
  throw new Error("The endpoint failed");
};
