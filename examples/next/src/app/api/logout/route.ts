import { route } from "../../../route";

export const POST = route(async (session) => {
  await session.$destroy();
  session.notice = "Goodbye";
  return new Response(null, { status: 204 });
});
