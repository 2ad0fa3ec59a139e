import type { ResolvedCookie } from "../cookie/options.js";
import { SessionError } from "../errors.js";
import { cookieTransport } from "./cookie.js";
import { bearerTransport, headerTransport } from "./header.js";
import type { SessionTransport } from "./transport.js";

/**
 * How sessions travel.
 * - `cookie` (default): for browsers
 * - `bearer`: `Authorization: Bearer <token>`, answered in `Session-Token`; for other clients
 * - `{ header }`: that header in both directions; for other clients
 * - an object of your own
 */
export type TransportOption = "cookie" | "bearer" | { readonly header: string } | SessionTransport;

/** At least one transport; the first is for clients that say nothing. */
export type Transports = readonly [SessionTransport, ...SessionTransport[]];

/** Headers that mean something else already. */
const taken =
  /^(?:authorization|cookie|set-cookie|host|connection|vary|cache-control|content-.*|transfer-encoding)$/i;

/**
 * Gives the transports that the options name.
 * @throws SessionError `transport/invalid-option`
 */
export function resolveTransports(
  option: TransportOption | readonly TransportOption[],
  cookie: ResolvedCookie,
): Transports {
  const options: readonly TransportOption[] = isList(option) ? option : [option];
  const [first, ...others] = options.map((one) => transportOf(one, cookie));
  if (first === undefined) throw invalid("There is no transport");
  const names = [first, ...others].map(({ name }) => name);
  if (new Set(names).size < names.length) throw invalid("A transport is named twice");
  return [first, ...others];
}

function isList(option: TransportOption | readonly TransportOption[]): option is readonly TransportOption[] {
  return Array.isArray(option);
}

function transportOf(option: TransportOption, cookie: ResolvedCookie): SessionTransport {
  if (option === "cookie") return cookieTransport(cookie);
  if (option === "bearer") return bearerTransport();
  if (!("header" in option)) return option;
  const { header } = option;
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(header) || taken.test(header))
    throw invalid(`${JSON.stringify(header)} cannot be the header that a session travels in`);
  return headerTransport(header);
}

function invalid(summary: string): SessionError {
  return new SessionError("transport/invalid-option", summary);
}
