import Router from "@koa/router";
import { sessions } from "./session/index.js";

/**
 * Where users see in which places they are logged in, and end one of these sessions or all of them.
 */
export const devices: Router = new Router({ prefix: "/devices" });

devices.get("/", async (context) => {
  const { user } = context.session;
  context.body =
    user === undefined ? [] : await sessions.list("user.id", user.id, { current: context.session });
});

// A handle of somebody else's session finds nothing: only this user's are looked at.
devices.post("/end", async (context) => {
  const { user } = context.session;
  const { handle } = context.request.body as { handle: string };
  if (user !== undefined) await sessions.revoke(handle, { by: ["user.id", user.id] });
  context.status = 204;
});

devices.post("/end-all", async (context) => {
  const { user } = context.session;
  if (user !== undefined) {
    await sessions.destroyBy("user.id", user.id, { except: context.session });
    await context.session.$destroy();
  }
  context.status = 204;
});
