import type { FastifyPluginAsync } from "fastify";
import { sessions } from "./session/index.js";

/**
 * Where users see in which places they are logged in, and end one of these sessions or all of them.
 */
export const addDevices: FastifyPluginAsync = async (app) => {
  app.get("/", async ({ session }) => {
    const { user } = session;
    return user === undefined ? [] : sessions.list("user.id", user.id, { current: session });
  });

  // A handle of somebody else's session finds nothing: only this user's are looked at.
  app.post<{ Body: { handle: string } }>("/end", async ({ session: { user }, body }, reply) => {
    if (user !== undefined) await sessions.revoke(body.handle, { by: ["user.id", user.id] });
    reply.code(204);
  });

  app.post("/end-all", async ({ session }, reply) => {
    const { user } = session;
    if (user !== undefined) {
      await sessions.destroyBy("user.id", user.id, { except: session });
      await session.$destroy();
    }
    reply.code(204);
  });
};
