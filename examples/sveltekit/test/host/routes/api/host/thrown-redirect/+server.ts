import { type RequestHandler, redirect } from "@sveltejs/kit";

export const GET: RequestHandler = ({ locals }) => {
  locals.session.visits += 1;
  redirect(303, "/api/notice");
};
