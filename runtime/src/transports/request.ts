import type { TransportRequest } from "./transport.js";

/**
 * The headers of a request: `Headers` of Fetch, `request.headers` of Node, or just the value of the
 * Cookie header.
 */
export type RequestHeaders =
  | string
  | null
  | undefined
  | { get(name: string): string | null | undefined }
  | { readonly [name: string]: string | readonly string[] | undefined };

/** What else is known of a request. */
export interface RequestFacts {
  /** It came from the client over TLS; decides about cookies with `secure: "auto"`. */
  readonly secure?: boolean;
  /**
   * The client's address, behind proxies that are trusted the one that these tell; decides about a
   * `binding` to the network.
   */
  readonly address?: string | undefined;
  /**
   * `GET`, `POST`, …; decides whether what a request writes is dropped or refused whose session has
   * moved to another id meanwhile. Without it, it is refused.
   */
  readonly method?: string | undefined;
  /**
   * The URL, or its path, as the client knows it: where cookies may come from that are in each
   * other's way.
   */
  readonly url?: string | undefined;
}

/** Gives what transports are given. */
export function transportRequest(
  headers: RequestHeaders,
  { secure, address, method, url }: RequestFacts,
): TransportRequest {
  return { secure, address, method, url, header: (name) => headerOf(headers, name) };
}

function headerOf(headers: RequestHeaders, name: string): string | undefined {
  if (headers === null || headers === undefined || typeof headers === "string")
    return name === "cookie" ? (headers ?? undefined) : undefined;
  if (isGetter(headers)) return headers.get(name) ?? undefined;
  const value = headers[name];
  if (value === undefined || typeof value === "string") return value;
  return value.join(name === "cookie" ? "; " : ", ");
}

function isGetter(
  headers: Exclude<RequestHeaders, string | null | undefined>,
): headers is { get(name: string): string | null | undefined } {
  return typeof headers.get === "function";
}
