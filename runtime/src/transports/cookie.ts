import { clearedElsewhere, cookieFor, cookieValues, expiredCookie, setCookie } from "../cookie/cookie.js";
import type { ResolvedCookie } from "../cookie/options.js";
import type { Destination } from "../cookie/places.js";
import type { ResponseHeader, SessionTransport, TransportRequest } from "./transport.js";

/** Gives the transport of browsers: the token in a cookie. */
export function cookieTransport(shared: ResolvedCookie): SessionTransport {
  const { lost } = shared;
  /**
   * Clears the cookie everywhere else, if the browser has more than one. They go first: some
   * browsers take a host for its domain.
   */
  const clearOthers = (cookie: ResolvedCookie, request: TransportRequest): string[] => {
    const found = cookieValues(request.header("cookie"), cookie.name);
    const several = found.kind === "values" && found.values.length > 1;
    return several ? clearedElsewhere(cookie, cookie.name, destinationOf(request)) : [];
  };
  return {
    name: shared.name,
    vary: ["Cookie"],
    read: (request) => {
      const cookie = cookieFor(shared, request);
      const found = cookieValues(request.header("cookie"), cookie.name);
      if (found.kind === "none") lost?.missing(cookie, request);
      if (found.kind !== "values") return found;
      const { values } = found;
      return values.length === 1 ? { kind: "token", token: values[0] } : { kind: "tokens", tokens: values };
    },
    handOut: (token, { permanent, expiresAt, now }, request) => {
      const cookie = cookieFor(shared, request);
      const maxAge = permanent ? expiresAt - now : undefined;
      lost?.handedOut(cookie, request);
      const set = setCookie(cookie.name, token, cookie, maxAge, now);
      return [...clearOthers(cookie, request), set].map(asHeader);
    },
    forget: (request) => {
      const cookie = cookieFor(shared, request);
      const forgotten = [...clearOthers(cookie, request), expiredCookie(cookie)].map(asHeader);
      return cookie.clearCache ? [...forgotten, clearCache] : forgotten;
    },
  };
}

/**
 * Gives where a request went. Whoever says something else than the truth of it clears no cookies
 * but their own.
 */
export function destinationOf(request: TransportRequest): Destination {
  return {
    url: request.url,
    hosts: [request.header("x-forwarded-host"), request.header("host"), hostOf(request.url)],
  };
}

function hostOf(url = ""): string | undefined {
  return /^https?:\/\/([^/?#@]*)/i.exec(url)?.[1];
}

/** Has browsers drop what they keep of the site (W3C Clear Site Data, 3.1). */
export const clearCache: ResponseHeader = ["Clear-Site-Data", '"cache"'];

/** Gives a Set-Cookie value as a header. */
export function asHeader(cookie: string): ResponseHeader {
  return ["Set-Cookie", cookie];
}
