import { parse, type SerializeOptions, serialize } from "cookie";
import { cameFromNearby, type Origin } from "./nearby.js";
import type { ResolvedCookie } from "./options.js";
import { type Destination, otherPlaces } from "./places.js";

/**
 * A longer Cookie header is not looked at; browsers send some kilobytes at most (RFC 6265,
 * section 6.1).
 */
const MAX_HEADER = 64 * 1024;

/** What a Cookie header says about the session. */
export type CookieReading =
  | { readonly kind: "id"; readonly id: string; readonly stale: boolean }
  | { readonly kind: "none" }
  /** Signed by a secret that a newer deploy may know: left as it is. */
  | { readonly kind: "held"; readonly reason: "signature" }
  | { readonly kind: "refused"; readonly reason: "too-long" | "malformed" | "ambiguous" | "signature" };

/** The values of a cookie that differ. */
export type ValuesReading =
  | { readonly kind: "values"; readonly values: readonly [string, ...string[]] }
  | { readonly kind: "none" }
  | { readonly kind: "refused"; readonly reason: "too-long" };

/** More are not looked at: a browser has a cookie of the name in each of a few places, at most. */
const MAX_VALUES = 50;

const asIs = { decode: (text: string): string => text };

/**
 * Finds a cookie's values in a Cookie header; several when browsers know it from several places.
 * Never throws, whatever the header.
 */
export function cookieValues(header: string | null | undefined, name: string): ValuesReading {
  if (!header) return { kind: "none" };
  if (header.length > MAX_HEADER) return { kind: "refused", reason: "too-long" };
  let found: [string, ...string[]] | undefined;
  for (const pair of header.split(";")) {
    if (!pair.includes(name)) continue;
    const value = parse(pair, asIs)[name];
    if (value === undefined || found?.includes(value)) continue;
    if (found === undefined) found = [value];
    else if (found.length < MAX_VALUES) found.push(value);
  }
  if (found === undefined || (found[0] === "" && found.length === 1)) return { kind: "none" };
  return { kind: "values", values: found };
}

/**
 * Makes a Set-Cookie value with the session cookie's attributes.
 * @param maxAge - milliseconds until a persistent cookie ends; absent: it ends with the browser's
 *   session
 */
export function setCookie(
  name: string,
  value: string,
  cookie: ResolvedCookie,
  maxAge?: number,
  now?: number,
): string {
  return serialize(name, value, {
    ...attributes(cookie),
    ...(maxAge === undefined
      ? {}
      : { maxAge: Math.max(0, Math.floor(maxAge / 1000)), expires: new Date((now ?? Date.now()) + maxAge) }),
  });
}

/**
 * Gives the Set-Cookie value that makes the browser forget the cookie; same attributes, or it would
 * not be found.
 */
export function expiredCookie(cookie: ResolvedCookie, name: string = cookie.name): string {
  return serialize(name, "", { ...attributes(cookie), maxAge: 0, expires: new Date(0) });
}

/**
 * Makes the Set-Cookie values that clear the cookie in every place but the one where it is set
 * today.
 */
export function clearedElsewhere(cookie: ResolvedCookie, name: string, destination: Destination): string[] {
  return otherPlaces(cookie, destination).map(({ domain, ...place }) => {
    const { domain: _, ...elsewhere } = { ...attributes(cookie), ...place, maxAge: 0 };
    return serialize(name, "", domain === undefined ? elsewhere : { ...elsewhere, domain });
  });
}

/**
 * Tells whether the header sets a cookie: there may be several of that name, which are never joined
 * (RFC 6265, section 3).
 */
export function isSetCookie(name: string): boolean {
  return name.toLowerCase() === "set-cookie";
}

/** Gives the cookie as it is read from a request, and set in answer to it. */
export function cookieFor(cookie: ResolvedCookie, request: Origin): ResolvedCookie {
  const { reach, secure } = cookie;
  if (reach !== undefined && cameFromNearby(request, reach)) return relaxed(cookie);
  return secure === "auto" && request.secure !== undefined ? { ...cookie, secure: request.secure } : cookie;
}

/**
 * The cookie of development over plain HTTP. Its name is another one: a cookie with a prefix has to
 * be Secure, and browsers let none that is not replace one of the same name that is. Where it shows
 * up in production, everybody sees what is wrong.
 */
function relaxed({ domain: _, ...cookie }: ResolvedCookie): ResolvedCookie {
  return {
    ...cookie,
    name: `dev-${cookie.name.replace(/^__(?:Host|Secure)-/i, "")}`,
    secure: false,
    // Both are for Secure cookies only.
    partitioned: false,
    sameSite: cookie.sameSite === "none" ? "lax" : cookie.sameSite,
  };
}

function attributes(cookie: ResolvedCookie): SerializeOptions {
  return {
    path: cookie.path,
    // Not known how the request came: as if over TLS, for a cookie that is lost does less harm than
    // one that is read on the way.
    secure: cookie.secure !== false,
    httpOnly: cookie.httpOnly,
    sameSite: cookie.sameSite,
    partitioned: cookie.partitioned,
    ...(cookie.domain === undefined ? {} : { domain: cookie.domain }),
    ...(cookie.priority === undefined ? {} : { priority: cookie.priority }),
  };
}
