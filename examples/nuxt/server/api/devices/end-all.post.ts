import { defineEventHandler, sendNoContent } from "h3";
import { sessions } from "../../session";

export default defineEventHandler(async (event) => {
  const { session } = event.context;
  if (session.user !== undefined) {
    await sessions.destroyBy("user.id", session.user.id, { except: session });
    await session.$destroy();
  }
  return sendNoContent(event);
});
