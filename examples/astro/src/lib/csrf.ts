import type { MiddlewareHandler } from "astro";
import { isCsrfToken } from "example-shop";

/**
 * Refuses a change by a route under `/api` without the token of the session. Forms need none: Astro
 * itself refuses those of other sites, by their `Origin`.
 */
export const csrf: MiddlewareHandler = ({ locals, request, url }, next) => {
  if (request.method !== "POST" || !url.pathname.startsWith("/api/")) return next();
  if (isCsrfToken(locals.session, request.headers.get("x-csrf-token"))) return next();
  return Response.json({ error: "csrf" }, { status: 403 });
};
