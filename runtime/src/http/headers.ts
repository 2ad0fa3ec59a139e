import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { isSetCookie } from "../cookie/cookie.js";

/**
 * Gives the Vary value with those names in it: caches must not serve one user's response to another
 * (RFC 9110, 12.5.5).
 */
export function varyOn(names: readonly string[], vary: string | undefined): string {
  if (!vary) return names.join(", ");
  const present = vary.split(",").map((name) => name.trim().toLowerCase());
  if (present.includes("*")) return vary;
  const missing = names.filter((name) => !present.includes(name.toLowerCase()));
  return [vary, ...missing].join(", ");
}

/**
 * The application's Cache-Control value, for a response that hands out a session: shared caches
 * must not keep it (RFC 9111, 7.3). What the application said stays as far as it is compatible.
 */
function uncacheable(cacheControl: string): string {
  const directives = cacheControl
    .split(",")
    .map((directive) => directive.trim())
    .filter((directive) => directive !== "");
  if (directives.some((directive) => /^(no-store|private)$/i.test(directive))) return cacheControl;
  return ["private", ...directives.filter((directive) => !/^(public|s-maxage=.*)$/i.test(directive))].join(
    ", ",
  );
}

/**
 * Says how a header of a session's goes into a response.
 * @param sent - the values that the response has of it
 */
export function addHeader(
  name: string,
  value: string,
  sent: readonly string[],
): "append" | "set" | "nothing" {
  // Of these there may be several; the application's stay.
  if (!isSetCookie(name) && name.toLowerCase() !== "clear-site-data") return "set";
  return sent.includes(value) ? "nothing" : "append";
}

/** What a session asks of the response's Cache-Control. */
export interface Uncached {
  readonly $headers: readonly unknown[];
  readonly $cacheControl: "no-store" | "private, no-cache" | undefined;
}

/**
 * Gives the Cache-Control value of a response with sessions. What the application said counts, as
 * long as no shared cache keeps what hands a session out.
 */
export function cacheControlFor(sessions: readonly Uncached[], said: string | undefined): string | undefined {
  if (said) return sessions.some(({ $headers }) => $headers.length > 0) ? uncacheable(said) : said;
  let wanted: Uncached["$cacheControl"];
  for (const { $cacheControl } of sessions) if (wanted !== "no-store") wanted = $cacheControl ?? wanted;
  return wanted;
}

/** The headers that `writeHead` takes. */
export type HeadersArgument = OutgoingHttpHeaders | readonly OutgoingHttpHeader[] | undefined;

/** Sets what `writeHead` was given: an object, a list of pairs, or names and values in turn. */
export function setHeaders(response: ServerResponse, headers: HeadersArgument): void {
  if (headers === undefined || response.headersSent) return;
  if (!Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers))
      if (value !== undefined) response.setHeader(name, value);
    return;
  }
  const flat: unknown[] = Array.isArray(headers[0]) ? headers.flat(1) : [...headers];
  const seen = new Set<string>();
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const name = String(flat[index]);
    if (!seen.has(name.toLowerCase())) response.removeHeader(name);
    seen.add(name.toLowerCase());
    response.appendHeader(name, String(flat[index + 1]));
  }
}

/** Gives a header as one text. */
export function headerText(header: number | string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(", ") : header?.toString();
}
