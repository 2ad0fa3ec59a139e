import { parse, type SerializeOptions, serialize } from "cookie";
import type { ResolvedCookie } from "./options.js";
import { readToken, tokenOf } from "./token.js";

/** A longer Cookie header is not looked at; browsers send some kilobytes at most (RFC 6265, section 6.1). */
const MAX_HEADER = 64 * 1024;

/** What a Cookie header says about the session. */
export type CookieReading =
  | { readonly kind: "id"; readonly id: string; readonly stale: boolean }
  | { readonly kind: "none" }
  | { readonly kind: "refused"; readonly reason: "too-long" | "malformed" | "ambiguous" | "signature" };

/** The one value of a cookie. */
export type ValueReading =
  | { readonly kind: "value"; readonly value: string }
  | { readonly kind: "none" }
  | { readonly kind: "refused"; readonly reason: "too-long" | "ambiguous" };

const asIs = { decode: (text: string): string => text };

/** Finds a cookie's value in a Cookie header. Never throws, whatever the header. */
export function cookieValue(header: string | null | undefined, name: string): ValueReading {
  if (!header) return { kind: "none" };
  if (header.length > MAX_HEADER) return { kind: "refused", reason: "too-long" };
  let found: string | undefined;
  for (const pair of header.split(";")) {
    if (!pair.includes(name)) continue;
    const value = parse(pair, asIs)[name];
    if (value === undefined || value === found) continue;
    // Two cookies of one name: one of them was planted, from a subdomain or another path, and nobody knows which.
    if (found !== undefined) return { kind: "refused", reason: "ambiguous" };
    found = value;
  }
  return found === undefined || found === "" ? { kind: "none" } : { kind: "value", value: found };
}

/** Finds the session id in a Cookie header. Never throws, whatever the header. */
export function readCookie(header: string | null | undefined, cookie: ResolvedCookie): CookieReading {
  const found = cookieValue(header, cookie.name);
  if (found.kind !== "value") return found;
  return readToken(found.value, cookie.name, cookie.signer);
}

/**
 * The Set-Cookie value that hands out an id.
 * @param maxAge - milliseconds until a persistent cookie ends; absent: it ends with the browser's session
 */
export function sessionCookie(id: string, cookie: ResolvedCookie, maxAge?: number, now?: number): string {
  return setCookie(cookie.name, tokenOf(id, cookie.name, cookie.signer), cookie, maxAge, now);
}

/** A Set-Cookie value with the session cookie's attributes; parameters as of {@link sessionCookie}. */
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

/** The Set-Cookie value that makes the browser forget the cookie; same attributes, or it would not be found. */
export function expiredCookie(cookie: ResolvedCookie, name: string = cookie.name): string {
  return serialize(name, "", { ...attributes(cookie), maxAge: 0, expires: new Date(0) });
}

/** Whether the header sets a cookie: there may be several of that name, which are never joined (RFC 6265, section 3). */
export function isSetCookie(name: string): boolean {
  return name.toLowerCase() === "set-cookie";
}

/**
 * The cookie as it is set in answer to a request.
 * @param secure - the request came over TLS; `undefined`: nobody knows
 */
export function secured(cookie: ResolvedCookie, secure: boolean | undefined): ResolvedCookie {
  return cookie.secure === "auto" && secure !== undefined ? { ...cookie, secure } : cookie;
}

function attributes(cookie: ResolvedCookie): SerializeOptions {
  return {
    path: cookie.path,
    // Not known how the request came: as if over TLS, for a cookie that is lost does less harm than one that is read on the way.
    secure: cookie.secure !== false,
    httpOnly: cookie.httpOnly,
    sameSite: cookie.sameSite,
    partitioned: cookie.partitioned,
    ...(cookie.domain === undefined ? {} : { domain: cookie.domain }),
    ...(cookie.priority === undefined ? {} : { priority: cookie.priority }),
  };
}
