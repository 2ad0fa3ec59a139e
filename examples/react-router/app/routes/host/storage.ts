import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "react-router";
import { sessionStorage } from "../../.server/session/react-router-storage";

/** Written as for `createSessionStorage`. */
export async function loader({ context, request }: LoaderFunctionArgs) {
  const { getSession, commitSession } = sessionStorage(context);
  const session = await getSession(request.headers.get("Cookie"));
  const had = session.has("notice");
  const { id, data: all } = session;
  const seen = { isNew: id === "", all, had, notice: session.get("notice"), later: session.get("notice") };
  return data(seen, { headers: { "Set-Cookie": await commitSession(session) } });
}

export async function action({ context, request }: ActionFunctionArgs) {
  const { getSession, commitSession, destroySession } = sessionStorage(context);
  const session = await getSession(request.headers.get("Cookie"));
  if ((await request.text()) === "destroy")
    return new Response(null, { headers: { "Set-Cookie": await destroySession(session) } });
  session.set("device", "a telephone");
  session.flash("notice", "Saved");
  session.unset("user");
  return new Response(null, { headers: { "Set-Cookie": await commitSession(session) } });
}
