import { type Handle, json } from "@sveltejs/kit";
import { isCsrfToken } from "example-shop";

/**
 * Refuses a change by a route under `/api` without the token of the session. Forms need none:
 * SvelteKit itself refuses those of other sites, by their `Origin`.
 */
export const csrf: Handle = ({ event, resolve }) => {
  const { locals, request, url } = event;
  if (request.method !== "POST" || !url.pathname.startsWith("/api/")) return resolve(event);
  if (isCsrfToken(locals.session, request.headers.get("x-csrf-token"))) return resolve(event);
  return json({ error: "csrf" }, { status: 403 });
};
