import { deviceOf, userNamed } from "example-shop";
import { defineEventHandler, getHeader, readBody, sendNoContent } from "h3";

// A new `user` gives the session a new id (`regenerate: "on-change"` in session.config.ts).
export default defineEventHandler(async (event) => {
  const { session } = event.context;
  const { name } = await readBody<{ name: string }>(event);
  session.user = userNamed(name);
  session.device = deviceOf(getHeader(event, "user-agent"));
  session.notice = `Welcome, ${name}`;
  return sendNoContent(event);
});
