import type { Routes } from "./app.js";
import { sessions } from "./session/index.js";
import { done } from "./shop.js";

/**
 * Where users see in which places they are logged in, and end one of these sessions or all of them.
 */
export const devices: Routes = {
  "GET /devices": async ({ session }) => {
    const { user } = session;
    if (user === undefined) return Response.json([]);
    return Response.json(await sessions.list("user.id", user.id, { current: session }));
  },

  // A handle of somebody else's session finds nothing: only this user's are looked at.
  "POST /devices/end": async ({ session: { user }, request }) => {
    const { handle } = (await request.json()) as { handle: string };
    if (user !== undefined) await sessions.revoke(handle, { by: ["user.id", user.id] });
    return done();
  },

  "POST /devices/end-all": async ({ session }) => {
    const { user } = session;
    if (user !== undefined) {
      await sessions.destroyBy("user.id", user.id, { except: session });
      await session.$destroy();
    }
    return done();
  },
};
