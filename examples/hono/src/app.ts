import { SessionFieldError } from "@sessgen/runtime";
import { csrfToken, deviceOf, isCsrfToken, userNamed } from "example-shop";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { devices } from "./devices.js";
import { type SessionEnv, session } from "./session/hono.js";

/** A small shop: who is logged in, what is in the cart, and a message that is shown once. */
export function createApp(): Hono<SessionEnv> {
  const app = new Hono<SessionEnv>();
  app.use(session());

  // What the schema forbids is the client's mistake; everything else keeps its own status.
  app.onError((error, context) => {
    if (error instanceof SessionFieldError) return context.json({ error: error.message }, 400);
    return error instanceof HTTPException ? error.getResponse() : context.json({ error: "internal" }, 500);
  });

  app.use(async (context, next) => {
    if (context.req.method !== "POST") return next();
    if (isCsrfToken(context.var.session, context.req.header("x-csrf-token"))) return next();
    return context.json({ error: "csrf" }, 403);
  });

  app.get("/csrf", (context) => context.json({ token: csrfToken(context.var.session) }));

  app.get("/", (context) => {
    context.var.session.visits += 1;
    return context.json(context.var.session);
  });

  // A new `user` gives the session a new id (`regenerate: "on-change"` in session.config.ts).
  app.post("/login", async (context) => {
    const { session } = context.var;
    const { name } = await context.req.json();
    session.user = userNamed(name);
    session.device = deviceOf(context.req.header("user-agent"));
    session.notice = `Welcome, ${name}`;
    return context.body(null, 204);
  });

  app.post("/cart", async (context) => {
    const { cart } = context.var.session;
    const { sku, quantity } = await context.req.json();
    const item = cart.find((candidate) => candidate.sku === sku);
    // Changed in place: noticed when the session is saved, and checked against the schema.
    if (item === undefined) cart.push({ sku, quantity });
    else item.quantity += quantity;
    return context.body(null, 204);
  });

  // Shown once: reading a flash field removes it.
  app.get("/notice", (context) => context.json({ notice: context.var.session.notice ?? null }));

  app.post("/logout", async (context) => {
    await context.var.session.$destroy();
    context.var.session.notice = "Goodbye";
    return context.body(null, 204);
  });

  app.route("/devices", devices);
  return app;
}
