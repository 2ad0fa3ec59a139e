import type { APIRoute } from "astro";

export const GET: APIRoute = ({ locals, redirect }) => {
  locals.session.visits += 1;
  return redirect("/api/notice", 303);
};
