import { sequence } from "astro:middleware";
import type { MiddlewareHandler } from "astro";
import { csrf } from "./lib/csrf";
import { session } from "./session/astro";

/**
 * What middleware that comes after the session's does: by itself, and after what the routes have
 * answered.
 */
const others: MiddlewareHandler = async ({ locals, url: { pathname } }, next) => {
  const guard = /^\/host\/guard\/(\w+)$/.exec(pathname)?.[1];
  if (guard !== undefined) locals.session.visits += 1;
  if (guard === "returned") return new Response(null, { status: 303, headers: { location: "/" } });
  if (guard === "rewritten") return next("/api");
  if (guard === "taken") Object.assign(locals, { session: { user: "theirs" } });
  if (guard === "failed") throw new Error("The middleware failed");
  const response = await next();
  if (pathname === "/api/host/trailing") locals.session.visits += 1;
  return response;
};

const withOptions = session({
  skip: ({ url }) => url.pathname === "/host/options/skipped",
  onError: (error, { url }) => new Response(`${error.code} at ${url.pathname}`, { status: error.status }),
  stream: ({ url }) => url.pathname === "/host/options/streamed",
});
const usual = session();

const sessions: MiddlewareHandler = (context, next) =>
  (context.url.pathname.startsWith("/host/options/") ? withOptions : usual)(context, next);

export const onRequest = sequence(sessions, csrf, others);
