import type { APIRoute } from "astro";
import { addToCart } from "../../lib/shop";

export const POST: APIRoute = async ({ locals: { session }, request }) => {
  const { sku, quantity } = await request.json();
  const error = addToCart(session, sku, quantity);
  return error === undefined
    ? new Response(null, { status: 204 })
    : Response.json({ error }, { status: 400 });
};
