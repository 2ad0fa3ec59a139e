import { csrfToken, deviceOf, userNamed } from "example-shop";
import type { Routes } from "./app.js";

/** The answer where there is nothing to say. */
export const done = (): Response => new Response(null, { status: 204 });

export const shop: Routes = {
  "GET /csrf": ({ session }) => Response.json({ token: csrfToken(session) }),

  "GET /": ({ session }) => {
    session.visits += 1;
    return Response.json(session);
  },

  // A new `user` gives the session a new id (`regenerate: "on-change"` in session.config.ts).
  "POST /login": async ({ session, request }) => {
    const { name } = (await request.json()) as { name: string };
    session.user = userNamed(name);
    session.device = deviceOf(request.headers.get("user-agent") ?? undefined);
    session.notice = `Welcome, ${name}`;
    return done();
  },

  "POST /cart": async ({ session, request }) => {
    const { sku, quantity } = (await request.json()) as { sku: string; quantity: number };
    const item = session.cart.find((candidate) => candidate.sku === sku);
    // Changed in place: noticed when the session is saved, and checked against the schema.
    if (item === undefined) session.cart.push({ sku, quantity });
    else item.quantity += quantity;
    return done();
  },

  // Shown once: reading a flash field removes it.
  "GET /notice": ({ session }) => Response.json({ notice: session.notice ?? null }),

  "POST /logout": async ({ session }) => {
    await session.$destroy();
    session.notice = "Goodbye";
    return done();
  },
};
