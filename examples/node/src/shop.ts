import { csrfToken, deviceOf, userNamed } from "example-shop";
import type { Routes } from "./app.js";

export const shop: Routes = {
  "GET /csrf": ({ session }) => ({ token: csrfToken(session) }),

  "GET /": ({ session }) => {
    session.visits += 1;
    return session.toJSON();
  },

  // A new `user` gives the session a new id (`regenerate: "on-change"` in session.config.ts).
  "POST /login": ({ session, body, request }) => {
    const { name } = body as { name: string };
    session.user = userNamed(name);
    session.device = deviceOf(request.headers["user-agent"]);
    session.notice = `Welcome, ${name}`;
  },

  "POST /cart": ({ session, body }) => {
    const { sku, quantity } = body as { sku: string; quantity: number };
    const item = session.cart.find((candidate) => candidate.sku === sku);
    // Changed in place: noticed when the session is saved, and checked against the schema.
    if (item === undefined) session.cart.push({ sku, quantity });
    else item.quantity += quantity;
  },

  // Shown once: reading a flash field removes it.
  "GET /notice": ({ session }) => ({ notice: session.notice ?? null }),

  "POST /logout": async ({ session }) => {
    await session.$destroy();
    session.notice = "Goodbye";
  },
};
