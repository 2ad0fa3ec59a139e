import { route } from "../../../../route";
import { sessions } from "../../../../session";

export const POST = route(async (session) => {
  if (session.user !== undefined) {
    await sessions.destroyBy("user.id", session.user.id, { except: session });
    await session.$destroy();
  }
  return new Response(null, { status: 204 });
});
