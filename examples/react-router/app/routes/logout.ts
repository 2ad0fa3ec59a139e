import { redirect } from "react-router";
import { sessionContext } from "../.server/session/react-router";
import type { Route } from "./+types/logout";

export async function action({ context }: Route.ActionArgs) {
  const session = context.get(sessionContext);
  await session.$destroy();
  session.notice = "Goodbye";
  return redirect("/");
}
