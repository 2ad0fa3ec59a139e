import { defineEventHandler } from "h3";

/** Every route below adds a visit before it does anything else. */
export default defineEventHandler(({ context, path }) => {
  if (path.startsWith("/api/host/") && !path.startsWith("/api/host/streams")) context.session.visits += 1;
});
