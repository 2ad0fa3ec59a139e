import type { SessionTransport, TokenReading } from "./transport.js";

/** Tokens have 43 characters, some 130 with a signature; nothing longer than this is looked at. */
const MAX_TOKEN = 1024;

/**
 * Gives a header in each direction, for clients that are no browsers: the token travels as it is,
 * and beside it in `<header>-Expires` when the session ends (RFC 9110, 5.6.7). An empty header in a
 * request asks for a token this way; in a response it says that the session is over. Costs what
 * `HttpOnly` gives: in a browser, every script on the page can read the token.
 */
export function headerTransport(header: string): SessionTransport {
  return overHeaders(`header:${header.toLowerCase()}`, header, header, (value) => value);
}

/**
 * Gives `Authorization: Bearer <token>` (RFC 6750, 2.1); the answer's token comes in
 * `Session-Token`, otherwise as {@link headerTransport}. `Authorization: Bearer` alone asks for a
 * token this way.
 */
export function bearerTransport(): SessionTransport {
  return overHeaders("bearer", "Authorization", "Session-Token", (value) => {
    // Another scheme is somebody else's.
    if (/^bearer(?: |$)/i.test(value)) return value.slice("bearer".length).trim();
    // Ours behind another one: two headers, and nobody knows which one counts.
    return /, *bearer(?: |$)/i.test(value) ? value : undefined;
  });
}

/** @param tokenIn - what the header's value has for us; `undefined`: nothing */
function overHeaders(
  name: string,
  request: string,
  response: string,
  tokenIn: (value: string) => string | undefined,
): SessionTransport {
  return {
    name,
    vary: [request],
    repeats: true,
    read: (given) => {
      const value = given.header(request.toLowerCase());
      if (value !== undefined && value.length > MAX_TOKEN) return { kind: "refused", reason: "too-long" };
      return readingOf(value === undefined ? undefined : tokenIn(value));
    },
    handOut: (token, { expiresAt }) => [
      [response, token],
      [`${response}-Expires`, new Date(expiresAt).toUTCString()],
    ],
    forget: () => [[response, ""]],
  };
}

function readingOf(token: string | undefined): TokenReading {
  if (token === undefined) return { kind: "none" };
  if (token === "") return { kind: "empty" };
  // Sent twice: nobody knows which one counts.
  return token.includes(",") ? { kind: "refused", reason: "ambiguous" } : { kind: "token", token };
}
