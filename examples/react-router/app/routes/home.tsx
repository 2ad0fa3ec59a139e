import { deviceOf, userNamed } from "example-shop";
import { Form, Link, redirect } from "react-router";
import { sessionContext } from "../.server/session/react-router";
import type { Route } from "./+types/home";

/** What the page shows. What a loader writes is saved, too. */
export function loader({ context }: Route.LoaderArgs) {
  const session = context.get(sessionContext);
  session.visits += 1;
  // Shown once: reading a flash field removes it.
  const { user, cart, visits, notice } = session;
  return { name: user?.name, cart, visits, notice };
}

export async function action({ context, request }: Route.ActionArgs) {
  const session = context.get(sessionContext);
  const form = await request.formData();
  if (form.get("intent") === "login") {
    const name = String(form.get("name"));
    // A new `user` gives the session a new id (`regenerate: "on-change"` in session.config.ts).
    session.user = userNamed(name);
    session.device = deviceOf(request.headers.get("user-agent") ?? "");
    session.notice = `Welcome, ${name}`;
    return redirect("/");
  }
  const sku = String(form.get("sku"));
  const item = session.cart.find((candidate) => candidate.sku === sku);
  // Changed in place: noticed when the session is saved, and checked against the schema.
  if (item === undefined) session.cart.push({ sku, quantity: 1 });
  else item.quantity += 1;
  return null;
}

/** The shop. */
export default function Page({ loaderData: { name, cart, visits, notice } }: Route.ComponentProps) {
  return (
    <main>
      <h1>{name === undefined ? "A small shop" : `${name}'s shop`}</h1>
      {notice !== undefined && <p role="status">{notice}</p>}
      <p>Visits: {visits}</p>
      {name === undefined ? (
        <Form method="post">
          <label>
            Name <input name="name" required maxLength={80} />
          </label>{" "}
          <button type="submit" name="intent" value="login">
            Log in
          </button>
        </Form>
      ) : (
        <Form method="post" action="/logout">
          <Link to="/devices">Devices</Link> <button type="submit">Log out</button>
        </Form>
      )}
      <h2>Cart</h2>
      <ul>
        {cart.map(({ sku, quantity }) => (
          <li key={sku}>
            {quantity} × {sku}
          </li>
        ))}
      </ul>
      {["tea", "rice"].map((sku) => (
        <Form key={sku} method="post">
          <button type="submit" name="sku" value={sku}>
            Add {sku}
          </button>
        </Form>
      ))}
    </main>
  );
}
