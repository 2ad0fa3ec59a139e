import { H3, noContent } from "h3";
import { sessions } from "./session/index.js";

/**
 * Where users see in which places they are logged in, and end one of these sessions or all of them.
 */
export const devices: H3 = new H3();

devices.get("/", async ({ context: { session } }) => {
  if (session.user === undefined) return [];
  return sessions.list("user.id", session.user.id, { current: session });
});

// A handle of somebody else's session finds nothing: only this user's are looked at.
devices.post<{ body: { handle: string } }>("/end", async ({ context, req }) => {
  const { user } = context.session;
  const { handle } = await req.json();
  if (user !== undefined) await sessions.revoke(handle, { by: ["user.id", user.id] });
  return noContent();
});

devices.post("/end-all", async ({ context: { session } }) => {
  if (session.user !== undefined) {
    await sessions.destroyBy("user.id", session.user.id, { except: session });
    await session.$destroy();
  }
  return noContent();
});
