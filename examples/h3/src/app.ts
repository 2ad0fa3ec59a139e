import { SessionFieldError } from "@sessgen/runtime";
import { csrfToken, deviceOf, isCsrfToken, userNamed } from "example-shop";
import { H3, HTTPError, noContent } from "h3";
import { devices } from "./devices.js";
import { session } from "./session/h3.js";
import type { CartItem } from "./session/index.js";

/** A small shop: who is logged in, what is in the cart, and a message that is shown once. */
export function createApp(): H3 {
  const app = new H3({
    // What the schema forbids is the client's mistake; everything else keeps its own status.
    onError: ({ cause }, { res }) => {
      if (!(cause instanceof SessionFieldError)) return undefined;
      res.status = 400;
      return { error: cause.message };
    },
  });
  app.use(session());

  app.use(({ req, context }) => {
    if (req.method !== "POST" || isCsrfToken(context.session, req.headers.get("x-csrf-token"))) return;
    throw HTTPError.status(403, "Forbidden", { message: "csrf" });
  });

  app.get("/csrf", ({ context }) => ({ token: csrfToken(context.session) }));

  app.get("/", ({ context }) => {
    context.session.visits += 1;
    return context.session;
  });

  // A new `user` gives the session a new id (`regenerate: "on-change"` in session.config.ts).
  app.post<{ body: { name: string } }>("/login", async (event) => {
    const { session } = event.context;
    const { name } = await event.req.json();
    session.user = userNamed(name);
    session.device = deviceOf(event.req.headers.get("user-agent") ?? undefined);
    session.notice = `Welcome, ${name}`;
    return noContent();
  });

  app.post<{ body: CartItem }>("/cart", async (event) => {
    const { cart } = event.context.session;
    const { sku, quantity } = await event.req.json();
    const item = cart.find((candidate) => candidate.sku === sku);
    // Changed in place: noticed when the session is saved, and checked against the schema.
    if (item === undefined) cart.push({ sku, quantity });
    else item.quantity += quantity;
    return noContent();
  });

  // Shown once: reading a flash field removes it.
  app.get("/notice", ({ context }) => ({ notice: context.session.notice ?? null }));

  app.post("/logout", async ({ context }) => {
    await context.session.$destroy();
    context.session.notice = "Goodbye";
    return noContent();
  });

  return app.mount("/devices", devices);
}
