import { cookieValue, expiredCookie, secured, setCookie } from "../cookie/cookie.js";
import type { ResolvedCookie } from "../cookie/options.js";
import type { SessionTransport } from "./transport.js";

/** The transport of browsers: the token in a cookie. */
export function cookieTransport(cookie: ResolvedCookie): SessionTransport {
  return {
    name: cookie.name,
    vary: ["Cookie"],
    read: (request) => {
      const found = cookieValue(request.header("cookie"), cookie.name);
      return found.kind === "value" ? { kind: "token", token: found.value } : found;
    },
    handOut: (token, { permanent, expiresAt, now }, request) => {
      const maxAge = permanent ? expiresAt - now : undefined;
      return [["Set-Cookie", setCookie(cookie.name, token, secured(cookie, request.secure), maxAge, now)]];
    },
    forget: (request) => [["Set-Cookie", expiredCookie(secured(cookie, request.secure))]],
  };
}
