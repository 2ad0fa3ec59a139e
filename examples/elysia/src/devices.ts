import { Elysia, t } from "elysia";
import { session } from "./session/elysia.js";
import { sessions } from "./session/index.js";

/**
 * Where users see in which places they are logged in, and end one of these sessions or all of them.
 * Elysia has the plugin of sessions once, however many use it.
 */
export const devices = new Elysia({ prefix: "/devices" })
  .use(session())

  .get("/", ({ session }) => {
    if (session.user === undefined) return [];
    return sessions.list("user.id", session.user.id, { current: session });
  })

  // A handle of somebody else's session finds nothing: only this user's are looked at.
  .post(
    "/end",
    async ({ body: { handle }, session: { user }, status }) => {
      if (user !== undefined) await sessions.revoke(handle, { by: ["user.id", user.id] });
      return status(204);
    },
    { body: t.Object({ handle: t.String() }) },
  )

  .post("/end-all", async ({ session, status }) => {
    if (session.user !== undefined) {
      await sessions.destroyBy("user.id", session.user.id, { except: session });
      await session.$destroy();
    }
    return status(204);
  });
