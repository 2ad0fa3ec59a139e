import { json, type RequestHandler } from "@sveltejs/kit";

// hooks.server.ts adds the other visit.
export const GET: RequestHandler = ({ locals }) => {
  locals.session.visits += 1;
  return json({});
};
