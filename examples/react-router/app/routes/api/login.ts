import { deviceOf, userNamed } from "example-shop";
import { sessionContext } from "../../.server/session/react-router";
import type { Route } from "./+types/login";

// A new `user` gives the session a new id (`regenerate: "on-change"` in session.config.ts).
export async function action({ context, request }: Route.ActionArgs) {
  const session = context.get(sessionContext);
  const { name } = await request.json();
  session.user = userNamed(name);
  session.device = deviceOf(request.headers.get("user-agent") ?? "");
  session.notice = `Welcome, ${name}`;
  return new Response(null, { status: 204 });
}
