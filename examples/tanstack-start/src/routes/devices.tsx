import { createFileRoute, Link, redirect } from "@tanstack/react-router";
import { Form } from "../lib/form";
import { endAll, endOne, getDevices } from "../lib/shop";

export const Route = createFileRoute("/devices")({
  loader: async () => {
    const known = await getDevices();
    if (known === undefined) throw redirect({ to: "/" });
    return known;
  },
  component: Page,
});

/**
 * Where users see in which places they are logged in, and end one of these sessions or all of them.
 */
function Page() {
  const { name, devices } = Route.useLoaderData();
  return (
    <>
      <h1>Where {name} is logged in</h1>
      <ul>
        {devices.map(({ handle, data: { device }, createdAt, current }) => (
          <li key={handle}>
            {device}, since {createdAt?.toUTCString()}
            {current ? (
              <strong> this device</strong>
            ) : (
              <Form action={endOne}>
                <input type="hidden" name="handle" value={handle} />
                <button type="submit">Log out</button>
              </Form>
            )}
          </li>
        ))}
      </ul>
      <Form action={() => endAll()}>
        <Link to="/">Back to the shop</Link> <button type="submit">Log out everywhere</button>
      </Form>
    </>
  );
}
