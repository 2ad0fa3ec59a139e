import type { Routes } from "./app.js";
import { sessions } from "./session/index.js";

/**
 * Where users see in which places they are logged in, and end one of these sessions or all of them.
 */
export const devices: Routes = {
  "GET /devices": ({ session }) => {
    const { user } = session;
    return user === undefined ? [] : sessions.list("user.id", user.id, { current: session });
  },

  // A handle of somebody else's session finds nothing: only this user's are looked at.
  "POST /devices/end": async ({ session: { user }, body }) => {
    const { handle } = body as { handle: string };
    if (user !== undefined) await sessions.revoke(handle, { by: ["user.id", user.id] });
  },

  "POST /devices/end-all": async ({ session }) => {
    const { user } = session;
    if (user === undefined) return;
    await sessions.destroyBy("user.id", user.id, { except: session });
    await session.$destroy();
  },
};
