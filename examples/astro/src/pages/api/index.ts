import type { APIRoute } from "astro";

export const GET: APIRoute = ({ locals: { session } }) => {
  session.visits += 1;
  return Response.json(session);
};
