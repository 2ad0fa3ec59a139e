import Link from "next/link";
import { session } from "../session/next";
import { addToCart, login, logout } from "./actions";

/**
 * The shop. A Server Component only reads the session; the forms have Server Actions, which write.
 */
export default async function Page() {
  const { user, cart, visits, notice } = await session();
  return (
    <main>
      <h1>{user === undefined ? "A small shop" : `${user.name}'s shop`}</h1>
      {/* Shown once: when this page has been sent, the flash field is over. */}
      {notice !== undefined && <p role="status">{notice}</p>}
      <p>Visits: {visits}</p>
      {user === undefined ? (
        <form action={login}>
          <label>
            Name <input name="name" required maxLength={80} />
          </label>{" "}
          <button type="submit">Log in</button>
        </form>
      ) : (
        <form action={logout}>
          <Link href="/devices" prefetch={false}>
            Devices
          </Link>{" "}
          <button type="submit">Log out</button>
        </form>
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
        <form key={sku} action={addToCart.bind(null, sku)}>
          <button type="submit">Add {sku}</button>
        </form>
      ))}
    </main>
  );
}
