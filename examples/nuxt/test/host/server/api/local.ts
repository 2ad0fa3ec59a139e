import { defineEventHandler, getQuery, getRequestHeader } from "h3";

/**
 * Asks the application itself, as a server without sockets does: with the cookie, and by no request
 * that it would share the session of.
 */
export default defineEventHandler(async (event) => {
  const { path, ...init } = getQuery<{ path: string; method?: "POST" }>(event);
  const headers = { cookie: getRequestHeader(event, "cookie") ?? "" };
  const answer = await $fetch.raw(path, { ...init, headers, redirect: "manual", ignoreResponseError: true });
  return {
    status: answer.status,
    cookies: answer.headers.getSetCookie(),
    vary: answer.headers.get("vary"),
    body: answer._data,
  };
});
