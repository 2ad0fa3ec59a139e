import { SessionFieldError } from "@sessgen/runtime";
import { defineEventHandler, readBody, sendNoContent, setResponseStatus } from "h3";
import type { CartItem } from "../session";

export default defineEventHandler(async (event) => {
  const { session } = event.context;
  const { sku, quantity } = await readBody<CartItem>(event);
  try {
    // What the schema forbids leaves the cart as it was: it is the client's mistake.
    session.$accept(() => {
      const item = session.cart.find((candidate) => candidate.sku === sku);
      if (item === undefined) session.cart.push({ sku, quantity });
      else item.quantity += quantity;
    });
  } catch (error) {
    if (!(error instanceof SessionFieldError)) throw error;
    setResponseStatus(event, 400);
    return { error: error.message };
  }
  return sendNoContent(event);
});
