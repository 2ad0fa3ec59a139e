import { createHmac, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import type { TransportRequest } from "../../transports/transport.js";

/**
 * Binds sessions to what requests look like, so that a stolen token is of less use. Off by default,
 * for it costs users their sessions: addresses change as telephones move and networks are left, and
 * user agents with every update. Whoever steals a token often can see, and send, the same user
 * agent.
 */
export interface BindingOptions {
  /** The `User-Agent` header. */
  readonly userAgent?: boolean;
  /**
   * How many leading bits of the client's address must stay. Where no host tells the address,
   * nothing is compared.
   */
  readonly network?: { readonly ipv4: number; readonly ipv6: number };
  /**
   * What a request gets that does not fit: `anonymous`, a new session, while the stored one stays
   * for whom it fits; or `event`, the session all the same, with `binding-mismatch` published
   * either way.
   */
  readonly onMismatch: "anonymous" | "event";
}

/** What of a request a session is bound to. */
export type BoundPart = "userAgent" | "network";

/** What binds sessions to requests: made by {@link bindTo}. */
export interface SessionBinding {
  /** What a request gets that does not fit. */
  readonly onMismatch: BindingOptions["onMismatch"];
  /** Gives what of a request the session of an id is bound to. */
  of(id: string, request: TransportRequest): Readonly<Record<string, string>>;
  /** Gives the parts of a request that are not those that a session is bound to. */
  mismatches(
    bound: Readonly<Record<string, string>> | undefined,
    id: string,
    request: TransportRequest,
  ): BoundPart[];
}

/**
 * Makes what binds sessions to what requests look like. Applications that bind nothing do not
 * bundle it.
 */
export function bindTo(options: BindingOptions): SessionBinding {
  const of: SessionBinding["of"] = (id, request) => bindingOf(options, id, request);
  return {
    onMismatch: options.onMismatch,
    of,
    mismatches: (bound = {}, id, request) => mismatches(bound, of(id, request)),
  };
}

/**
 * Hashes of what the request looks like, keyed with the session's id: the store has neither, so
 * that nobody who reads it can try addresses out. They are made anew with every new id.
 */
function bindingOf(
  options: BindingOptions,
  id: string,
  request: TransportRequest,
): Readonly<Record<string, string>> {
  const parts: [BoundPart, string | undefined][] = [
    ["userAgent", options.userAgent ? (request.header("user-agent") ?? "") : undefined],
    ["network", options.network && networkOf(request.address, options.network)],
  ];
  return Object.fromEntries(
    parts.flatMap(([part, value]) =>
      value === undefined
        ? []
        : [[part, createHmac("sha256", id).update(`${part}=${value}`).digest("base64url").slice(0, 22)]],
    ),
  );
}

/** Gives the parts that are bound and differ; what only one side knows is not compared. */
function mismatches(
  stored: Readonly<Record<string, string>>,
  current: Readonly<Record<string, string>>,
): BoundPart[] {
  return (["userAgent", "network"] as const).filter((part) => {
    const [one, other] = [stored[part], current[part]].map((hash) => hash && Buffer.from(hash));
    return one && other && !(one.length === other.length && timingSafeEqual(one, other));
  });
}

/** Gives the leading bits of an address; `undefined` when it is none. */
export function networkOf(
  address: string | undefined,
  { ipv4, ipv6 }: { readonly ipv4: number; readonly ipv6: number },
): string | undefined {
  // A server on `::` sees IPv4 clients as ::ffff:10.0.0.1.
  const plain = (address ?? "").replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  const family = isIP(plain);
  if (family === 0) return undefined;
  if (family === 4) return `4:${leading(plain.split(".").map(Number), 8, ipv4)}`;
  // The URL parser writes an address that ends in IPv4 notation as hexadecimal, too.
  const [head = "", tail] = new URL(`http://[${plain}]/`).hostname.slice(1, -1).split("::");
  const groups = (text: string): number[] =>
    text === "" ? [] : text.split(":").map((group) => Number(`0x${group}`));
  const [first, last] = [groups(head), groups(tail ?? "")];
  const zeros = new Array<number>(8 - first.length - last.length).fill(0);
  return `6:${leading([...first, ...zeros, ...last], 16, ipv6)}`;
}

/** The first bits of numbers of that size, as binary digits. */
function leading(numbers: readonly number[], size: number, bits: number): string {
  return numbers
    .map((number) => number.toString(2).padStart(size, "0"))
    .join("")
    .slice(0, bits);
}
