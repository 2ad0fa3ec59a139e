import { createFileRoute } from "@tanstack/react-router";
import { addToCart } from "../../lib/changes";

export const Route = createFileRoute("/api/cart")({
  server: {
    handlers: {
      POST: async ({ context: { session }, request }) => {
        const { sku, quantity } = await request.json();
        const error = addToCart(session, sku, quantity);
        return error === undefined
          ? new Response(null, { status: 204 })
          : Response.json({ error }, { status: 400 });
      },
    },
  },
});
