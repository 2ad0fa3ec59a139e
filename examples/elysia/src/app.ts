import { node } from "@elysiajs/node";
import { SessionFieldError } from "@sessgen/runtime";
import { Elysia, t } from "elysia";
import { csrfToken, deviceOf, isCsrfToken, userNamed } from "example-shop";
import { devices } from "./devices.js";
import { session } from "./session/elysia.js";

const isOnBun = process.versions["bun"] !== undefined;

/** A small shop: who is logged in, what is in the cart, and a message that is shown once. */
export function createApp() {
  return (
    new Elysia(isOnBun ? {} : { adapter: node() })
      .use(session())

      // What the schema forbids is the client's mistake; everything else keeps its own status.
      .onError(({ error, status }) => {
        if (error instanceof SessionFieldError) return status(400, { error: error.message });
        return undefined;
      })

      .onBeforeHandle(({ request, headers, session, status }) => {
        if (request.method !== "POST" || isCsrfToken(session, headers["x-csrf-token"])) return undefined;
        return status(403, { error: "csrf" });
      })

      .get("/csrf", ({ session }) => ({ token: csrfToken(session) }))

      .get("/", ({ session }) => {
        session.visits += 1;
        return session.toJSON();
      })

      // A new `user` gives the session a new id (`regenerate: "on-change"` in session.config.ts).
      .post(
        "/login",
        ({ body: { name }, headers, session, status }) => {
          session.user = userNamed(name);
          session.device = deviceOf(headers["user-agent"]);
          session.notice = `Welcome, ${name}`;
          return status(204);
        },
        { body: t.Object({ name: t.String() }) },
      )

      // Changed in place: noticed when the session is saved, and checked against the schema.
      .post(
        "/cart",
        ({ body: { sku, quantity }, session: { cart }, status }) => {
          const item = cart.find((candidate) => candidate.sku === sku);
          if (item === undefined) cart.push({ sku, quantity });
          else item.quantity += quantity;
          return status(204);
        },
        { body: t.Any() },
      )

      // Shown once: reading a flash field removes it.
      .get("/notice", ({ session }) => ({ notice: session.notice ?? null }))

      .post("/logout", async ({ session, status }) => {
        await session.$destroy();
        session.notice = "Goodbye";
        return status(204);
      })

      .use(devices)
  );
}
