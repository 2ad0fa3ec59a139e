import { isCsrfToken } from "example-shop";
import { createError, defineEventHandler, getHeader } from "h3";

/** Refuses a change without the token of the session. */
export default defineEventHandler((event) => {
  const { method, path, context } = event;
  if (method !== "POST" || !path.startsWith("/api/")) return;
  if (isCsrfToken(context.session, getHeader(event, "x-csrf-token"))) return;
  throw createError({ statusCode: 403, message: "csrf" });
});
