import { deviceOf, userNamed } from "example-shop";
import { route } from "../../../route";

// A new `user` gives the session a new id (`regenerate: "on-change"` in session.config.ts).
export const POST = route(async (session, request) => {
  const { name } = await request.json();
  session.user = userNamed(name);
  session.device = deviceOf(request.headers.get("user-agent") ?? "");
  session.notice = `Welcome, ${name}`;
  return new Response(null, { status: 204 });
});
