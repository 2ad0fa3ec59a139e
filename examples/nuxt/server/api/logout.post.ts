import { defineEventHandler, sendNoContent } from "h3";

export default defineEventHandler(async (event) => {
  const { session } = event.context;
  await session.$destroy();
  session.notice = "Goodbye";
  return sendNoContent(event);
});
