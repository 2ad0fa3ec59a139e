import { defineEventHandler } from "h3";

/**
 * Every route below adds a visit before it does anything else. One has its session's place taken by
 * something else.
 */
export default defineEventHandler(({ context, path }) => {
  if (path === "/api/host/taken") Object.assign(context, { session: { user: "theirs" } });
  if (path.startsWith("/api/host/") && !path.startsWith("/api/host/streams")) context.session.visits += 1;
});
