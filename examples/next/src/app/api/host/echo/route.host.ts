import { route } from "../../../../route";

export const POST = route(async (session, request) => {
  session.visits += 1;
  return new Response(await request.text());
});
