import type { RequestHandler } from "@sveltejs/kit";

export const GET: RequestHandler = ({ locals }) => {
  locals.session.visits += 1;
  throw new Error("The handler failed");
};
