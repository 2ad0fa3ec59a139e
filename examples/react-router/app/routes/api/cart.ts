import { SessionFieldError } from "@sessgen/runtime";
import { data } from "react-router";
import { sessionContext } from "../../.server/session/react-router";
import type { Route } from "./+types/cart";

export async function action({ context, request }: Route.ActionArgs) {
  const session = context.get(sessionContext);
  const { sku, quantity } = await request.json();
  const add = () => {
    const item = session.cart.find((candidate) => candidate.sku === sku);
    if (item === undefined) session.cart.push({ sku, quantity });
    else item.quantity += quantity;
  };
  try {
    // Checked against the schema at once, and what it forbids is the client's mistake.
    session.$accept(add);
  } catch (error) {
    if (error instanceof SessionFieldError) return data({ error: error.message }, { status: 400 });
    throw error;
  }
  return new Response(null, { status: 204 });
}
