import { route } from "../../../../route";

export const GET = route((session) => {
  session.visits += 1;
  return new Response(null, { status: 303, headers: { location: "/api/notice" } });
});
