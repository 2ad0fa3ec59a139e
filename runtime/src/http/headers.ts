import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from "node:http";

/** The Vary value with those names in it: caches must not serve one user's response to another (RFC 9110, 12.5.5). */
export function varyOn(names: readonly string[], vary: string | undefined): string {
  if (!vary) return names.join(", ");
  const present = vary.split(",").map((name) => name.trim().toLowerCase());
  if (present.includes("*")) return vary;
  const missing = names.filter((name) => !present.includes(name.toLowerCase()));
  return [vary, ...missing].join(", ");
}

/**
 * The Cache-Control value of a response that hands out a session: shared caches must not keep it (RFC 9111, 7.3).
 * What the application said stays as far as it is compatible.
 */
export function uncacheable(cacheControl: string | undefined): string {
  if (!cacheControl) return "no-store";
  const directives = cacheControl
    .split(",")
    .map((directive) => directive.trim())
    .filter((directive) => directive !== "");
  if (directives.some((directive) => /^(no-store|private)$/i.test(directive))) return cacheControl;
  return ["private", ...directives.filter((directive) => !/^(public|s-maxage=.*)$/i.test(directive))].join(
    ", ",
  );
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

/** A header as one text. */
export function headerText(header: number | string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(", ") : header?.toString();
}
