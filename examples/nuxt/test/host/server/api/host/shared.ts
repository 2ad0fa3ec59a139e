import { defineEventHandler } from "h3";

/** Asks the application itself, as pages do that the server renders. */
export default defineEventHandler(async (event) => {
  const { visits } = await event.$fetch<{ visits: number }>("/api");
  return { route: visits, here: event.context.session.visits };
});
