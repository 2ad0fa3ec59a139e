import { SessionFieldError } from "@sessgen/runtime";
import { csrfToken, deviceOf, isCsrfToken, userNamed } from "example-shop";
import fastify, { type FastifyInstance, type FastifyServerOptions } from "fastify";
import { addDevices } from "./devices.js";
import { session } from "./session/fastify.js";

/** A small shop: who is logged in, what is in the cart, and a message that is shown once. */
export function createApp(options: FastifyServerOptions = {}): FastifyInstance {
  const app = fastify(options);
  app.register(session);

  // What the schema forbids is the client's mistake; everything else keeps its own status.
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof SessionFieldError) reply.code(400).send({ error: error.message });
    else reply.send(error);
  });

  app.addHook("preValidation", async ({ method, session, headers }, reply) => {
    if (method !== "POST" || isCsrfToken(session, headers["x-csrf-token"])) return;
    return reply.code(403).send({ error: "csrf" });
  });

  app.get("/csrf", async ({ session }) => ({ token: csrfToken(session) }));

  app.get("/", async ({ session }) => {
    session.visits += 1;
    return session;
  });

  // A new `user` gives the session a new id (`regenerate: "on-change"` in session.config.ts).
  app.post<{ Body: { name: string } }>("/login", async ({ session, body, headers }, reply) => {
    session.user = userNamed(body.name);
    session.device = deviceOf(headers["user-agent"]);
    session.notice = `Welcome, ${body.name}`;
    reply.code(204);
  });

  app.post<{ Body: { sku: string; quantity: number } }>("/cart", async ({ session, body }, reply) => {
    const { sku, quantity } = body;
    const item = session.cart.find((candidate) => candidate.sku === sku);
    // Changed in place: noticed when the session is saved, and checked against the schema.
    if (item === undefined) session.cart.push({ sku, quantity });
    else item.quantity += quantity;
    reply.code(204);
  });

  // Shown once: reading a flash field removes it.
  app.get("/notice", async ({ session }) => ({ notice: session.notice ?? null }));

  app.post("/logout", async ({ session }, reply) => {
    await session.$destroy();
    session.notice = "Goodbye";
    reply.code(204);
  });

  app.register(addDevices, { prefix: "/devices" });
  return app;
}
