import { createFileRoute, Link } from "@tanstack/react-router";
import { Form } from "../lib/form";
import { add, getShop, logIn, logOut } from "../lib/shop";

export const Route = createFileRoute("/")({ loader: () => getShop(), component: Page });

/** The shop. */
function Page() {
  const { name, cart, visits, notice } = Route.useLoaderData();
  return (
    <>
      <h1>{name === undefined ? "A small shop" : `${name}'s shop`}</h1>
      {notice !== undefined && <p role="status">{notice}</p>}
      <p>Visits: {visits}</p>
      {name === undefined ? (
        <Form action={logIn}>
          <label>
            Name <input name="name" required maxLength={80} />
          </label>{" "}
          <button type="submit">Log in</button>
        </Form>
      ) : (
        <Form action={() => logOut()}>
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
        <Form key={sku} action={add}>
          <input type="hidden" name="sku" value={sku} />
          <button type="submit">Add {sku}</button>
        </Form>
      ))}
    </>
  );
}
