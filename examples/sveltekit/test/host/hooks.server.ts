import { error, type Handle, redirect } from "@sveltejs/kit";
import { sequence } from "@sveltejs/kit/hooks";
import { csrf } from "$lib/server/csrf";
import { session } from "$lib/server/session/sveltekit";

/**
 * What hooks that come after the session's do: of their own, and after what the routes have
 * answered.
 */
const others: Handle = async ({ event, resolve }) => {
  const { pathname } = event.url;
  const guard = /^\/host\/guard\/(\w+)$/.exec(pathname)?.[1];
  if (guard !== undefined) event.locals.session.visits += 1;
  if (guard === "thrown") redirect(303, "/");
  if (guard === "returned") return new Response(null, { status: 303, headers: { location: "/" } });
  if (guard === "forbidden") error(403, "Not here");
  if (guard === "taken") Object.assign(event.locals, { session: { user: "theirs" } });
  if (guard === "failed") throw new Error("The hook failed");
  const response = await resolve(event);
  if (pathname === "/api/host/trailing") event.locals.session.visits += 1;
  return response;
};

const usual = sequence(session(), csrf, others);

const withOptions = session({
  skip: ({ url }) => url.pathname === "/host/options/skipped",
  onError: (error, { url }) => ({ message: `${error.code} at ${url.pathname}` }),
});

export const handle: Handle = (input) =>
  input.event.url.pathname.startsWith("/host/options/") ? withOptions(input) : usual(input);
