import Link from "next/link";
import { redirect } from "next/navigation";
import { sessions } from "../../session";
import { session } from "../../session/next";
import { endAllDevices, endDevice } from "../actions";

/**
 * Where users see in which places they are logged in, and end one of these sessions or all of them.
 */
export default async function Page() {
  const current = await session();
  if (current.user === undefined) redirect("/");
  const devices = await sessions.list("user.id", current.user.id, { current });
  return (
    <main>
      <h1>Where {current.user.name} is logged in</h1>
      <ul>
        {devices.map(({ handle, data, createdAt, current }) => (
          <li key={handle}>
            {data.device}, since {createdAt?.toUTCString()}
            {current ? (
              <strong> this device</strong>
            ) : (
              <form action={endDevice.bind(null, handle)}>
                <button type="submit">Log out</button>
              </form>
            )}
          </li>
        ))}
      </ul>
      <form action={endAllDevices}>
        <Link href="/" prefetch={false}>
          Back to the shop
        </Link>{" "}
        <button type="submit">Log out everywhere</button>
      </form>
    </main>
  );
}
