import { route } from "../../route";

export const GET = route((session) => {
  session.visits += 1;
  return Response.json(session);
});
