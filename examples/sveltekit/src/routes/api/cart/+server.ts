import { json } from "@sveltejs/kit";
import { addToCart } from "$lib/server/shop";
import type { RequestHandler } from "./$types";

export const POST: RequestHandler = async ({ locals: { session }, request }) => {
  const { sku, quantity } = await request.json();
  const error = addToCart(session, sku, quantity);
  return error === undefined ? new Response(null, { status: 204 }) : json({ error }, { status: 400 });
};
