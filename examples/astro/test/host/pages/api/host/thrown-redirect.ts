import type { APIRoute } from "astro";

export const GET: APIRoute = ({ locals, redirect }) => {
  locals.session.visits += 1;
  throw redirect("/api/notice", 303);
};
