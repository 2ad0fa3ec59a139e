import { Form, Link, redirect } from "react-router";
import { sessions } from "../.server/session";
import { sessionContext } from "../.server/session/react-router";
import type { Route } from "./+types/devices";

export async function loader({ context }: Route.LoaderArgs) {
  const current = context.get(sessionContext);
  if (current.user === undefined) throw redirect("/");
  const devices = await sessions.list("user.id", current.user.id, { current });
  return { name: current.user.name, devices };
}

export async function action({ context, request }: Route.ActionArgs) {
  const session = context.get(sessionContext);
  if (session.user === undefined) return redirect("/");
  const by = ["user.id", session.user.id] as const;
  const handle = (await request.formData()).get("handle");
  if (handle !== null) {
    // A handle of somebody else's session finds nothing: only this user's are looked at.
    await sessions.revoke(String(handle), { by });
    return null;
  }
  await sessions.destroyBy(...by, { except: session });
  await session.$destroy();
  return redirect("/");
}

/**
 * Where users see in which places they are logged in, and end one of these sessions or all of them.
 */
export default function Page({ loaderData: { name, devices } }: Route.ComponentProps) {
  return (
    <main>
      <h1>Where {name} is logged in</h1>
      <ul>
        {devices.map(({ handle, data, createdAt, current }) => (
          <li key={handle}>
            {data.device}, since {createdAt?.toUTCString()}
            {current ? (
              <strong> this device</strong>
            ) : (
              <Form method="post">
                <button type="submit" name="handle" value={handle}>
                  Log out
                </button>
              </Form>
            )}
          </li>
        ))}
      </ul>
      <Form method="post">
        <Link to="/">Back to the shop</Link> <button type="submit">Log out everywhere</button>
      </Form>
    </main>
  );
}
