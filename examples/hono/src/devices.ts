import { Hono } from "hono";
import type { SessionEnv } from "./session/hono.js";
import { sessions } from "./session/index.js";

/**
 * Where users see in which places they are logged in, and end one of these sessions or all of them.
 */
export const devices: Hono<SessionEnv> = new Hono<SessionEnv>();

devices.get("/", async (context) => {
  const { session } = context.var;
  if (session.user === undefined) return context.json([]);
  return context.json(await sessions.list("user.id", session.user.id, { current: session }));
});

// A handle of somebody else's session finds nothing: only this user's are looked at.
devices.post("/end", async (context) => {
  const { user } = context.var.session;
  const { handle } = await context.req.json();
  if (user !== undefined) await sessions.revoke(handle, { by: ["user.id", user.id] });
  return context.body(null, 204);
});

devices.post("/end-all", async (context) => {
  const { session } = context.var;
  if (session.user !== undefined) {
    await sessions.destroyBy("user.id", session.user.id, { except: session });
    await session.$destroy();
  }
  return context.body(null, 204);
});
