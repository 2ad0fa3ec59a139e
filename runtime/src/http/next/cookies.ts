import { parseSetCookie, type SetCookie } from "cookie";
import { isSetCookie } from "../../cookie/cookie.js";
import type { ResponseHeader } from "../../transports/transport.js";

/** What `cookies()` of `next/headers` gives, where cookies can be set. */
export interface NextCookies {
  set(name: string, value: string, attributes: Omit<SetCookie, "name" | "value">): unknown;
}

/**
 * Sets the cookies of a session's headers, with all their attributes. Next.js keeps one cookie of
 * each name: of those that clear the same one in other places, none.
 */
export function setCookies(jar: NextCookies, headers: readonly ResponseHeader[]): void {
  for (const { name, value = "", ...attributes } of cookiesIn(headers)) jar.set(name, value, attributes);
}

/** Gives the cookies that headers set. */
export function cookiesIn(headers: readonly ResponseHeader[]): SetCookie[] {
  return headers.flatMap(([name, value]) => (isSetCookie(name) ? [parseSetCookie(value)] : []));
}
