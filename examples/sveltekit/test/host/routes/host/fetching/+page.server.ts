import type { ServerLoad } from "@sveltejs/kit";

// A route of the application's own: answered in this process, as a request of its own.
export const load: ServerLoad = async ({ fetch, locals: { session } }) => {
  session.visits += 1;
  const { visits } = await (await fetch("/api")).json();
  return { visits };
};
