import { bodyParser } from "@koa/bodyparser";
import Router from "@koa/router";
import { SessionFieldError } from "@sessgen/runtime";
import { csrfToken, deviceOf, isCsrfToken, userNamed } from "example-shop";
import Koa from "koa";
import { devices } from "./devices.js";
import { session } from "./session/koa.js";

/** A small shop: who is logged in, what is in the cart, and a message that is shown once. */
export function createApp(): Koa {
  const app = new Koa();
  const router = new Router();

  // What the schema forbids is the client's mistake; everything else keeps its own status.
  app.use(async (context, next) => {
    try {
      await next();
    } catch (error) {
      if (!(error instanceof SessionFieldError)) throw error;
      context.status = 400;
      context.body = { error: error.message };
    }
  });

  app.use(session());
  app.use(bodyParser());

  app.use(async (context, next) => {
    if (context.method !== "POST" || isCsrfToken(context.session, context.get("x-csrf-token"))) return next();
    context.status = 403;
    context.body = { error: "csrf" };
  });

  router.get("/csrf", (context) => {
    context.body = { token: csrfToken(context.session) };
  });

  router.get("/", (context) => {
    context.session.visits += 1;
    context.body = context.session.toJSON();
  });

  // A new `user` gives the session a new id (`regenerate: "on-change"` in session.config.ts).
  router.post("/login", (context) => {
    const { name } = context.request.body as { name: string };
    context.session.user = userNamed(name);
    context.session.device = deviceOf(context.get("user-agent"));
    context.session.notice = `Welcome, ${name}`;
    context.status = 204;
  });

  router.post("/cart", (context) => {
    const { cart } = context.session;
    const { sku, quantity } = context.request.body as { sku: string; quantity: number };
    const item = cart.find((candidate) => candidate.sku === sku);
    // Changed in place: noticed when the session is saved, and checked against the schema.
    if (item === undefined) cart.push({ sku, quantity });
    else item.quantity += quantity;
    context.status = 204;
  });

  // Shown once: reading a flash field removes it.
  router.get("/notice", (context) => {
    context.body = { notice: context.session.notice ?? null };
  });

  router.post("/logout", async (context) => {
    await context.session.$destroy();
    context.session.notice = "Goodbye";
    context.status = 204;
  });

  app.use(router.routes());
  app.use(devices.routes());
  return app;
}
