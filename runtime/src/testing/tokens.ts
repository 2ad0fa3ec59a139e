import { cookieFor } from "../cookie/cookie.js";
import type { SessionContext } from "../session/context/options.js";
import type { ResponseHeader, SessionTransport } from "../transports/transport.js";

/** Headers of a request, by their names in lower case. */
export type RequestHeaderValues = Readonly<Record<string, string>>;

/** A request to this machine, as far as the cookie asks. */
const nearby = {
  header: (name: string) => (name === "host" ? "localhost" : undefined),
  secure: false,
  address: "127.0.0.1",
  url: undefined,
} as const;

/**
 * Gives the headers with which a client sends back what it was told. A cookie comes under each of
 * the names that it may have, in development and outside: whichever the request gets to, it is
 * read.
 *
 * @param told - the headers of a response
 * @param carried - the headers with which the client came; what a response is silent about goes on
 */
export function sentBack(
  context: SessionContext,
  told: readonly ResponseHeader[],
  carried: RequestHeaderValues = {},
): RequestHeaderValues {
  const headers: Record<string, string> = { ...carried };
  for (const transport of context.transports) {
    if (transport.name === context.cookie.name) {
      const cookies = new Map([...pairsOf(carried["cookie"]), ...told.flatMap(pairOf)]);
      const pairs = allNames(context, cookies);
      if (pairs.length > 0) headers["cookie"] = pairs.join("; ");
      continue;
    }
    const [request, response, scheme] = headersOf(transport);
    const token = told.find(([name]) => name.toLowerCase() === response)?.[1];
    if (token !== undefined) headers[request] = `${scheme}${token}`;
  }
  return headers;
}

function headersOf({ name }: SessionTransport): readonly [request: string, response: string, scheme: string] {
  if (name === "bearer") return ["authorization", "session-token", "Bearer "];
  const header = name.replace(/^header:/, "");
  return [header, header, ""];
}

/** Both names of a cookie, if the response or the request had one of them. */
function allNames(
  { cookie, store }: SessionContext,
  cookies: ReadonlyMap<string, string>,
): readonly string[] {
  // What travels in a cookie is bound to the cookie's name.
  if (store.carrier !== undefined) return [...cookies].map(([name, value]) => `${name}=${value}`);
  const names = [...new Set([cookie.name, cookieFor(cookie, nearby).name])];
  const others = [...cookies].filter(([name]) => !names.includes(name));
  const token = names.map((name) => cookies.get(name)).find((value) => value !== undefined && value !== "");
  const ours = token === undefined ? [] : names.map((name) => [name, token] as const);
  return [...others, ...ours].map(([name, value]) => `${name}=${value}`);
}

function pairOf([name, value]: ResponseHeader): readonly (readonly [string, string])[] {
  return name.toLowerCase() === "set-cookie" ? pairsOf(value.split(";", 1)[0]) : [];
}

function pairsOf(text = ""): readonly (readonly [string, string])[] {
  return text
    .split(/;\s*/)
    .filter((pair) => pair.includes("="))
    .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]);
}
