/** What says from where a request came. */
export interface Origin {
  /** Gives a header's value, by its name in lower case. */
  header(name: string): string | undefined;
  /** It came over TLS; `undefined`: nobody knows. */
  readonly secure: boolean | undefined;
  /** The other end of the connection, as far as the host knows. */
  readonly address: string | undefined;
  readonly url: string | undefined;
}

/** How far away a request may come from: this machine, or the network around it. */
export type Reach = "loopback" | "private";

/** Tells whether a request came over plain HTTP, as far as anybody says; also behind a proxy. */
export function cameInPlain({ header, secure, url }: Origin): boolean {
  const forwarded = header("x-forwarded-proto");
  if (secure === true || header("forwarded")?.includes("https")) return false;
  if (forwarded !== undefined) return listed(forwarded).every((proto) => /^(?:http|ws)$/i.test(proto));
  return secure === false || (url !== undefined && /^http:/i.test(url));
}

/**
 * Tells whether a request came over plain HTTP from nearby, to a name or address that means nothing
 * elsewhere. Everything that says something counts, whoever says it, and all of it has to agree:
 * headers that a client made up can only make the answer no. A browser cannot be made to send
 * another Host than the one it was told to go to.
 */
export function cameFromNearby(request: Origin, reach: Reach): boolean {
  if (!cameInPlain(request) || request.header("forwarded") !== undefined) return false;
  const hosts = [
    ...listed(request.header("x-forwarded-host")),
    ...listed(request.header("host") ?? hostIn(request.url)),
  ];
  const clients = [...listed(request.header("x-forwarded-for")), ...listed(request.address)];
  return (
    hosts.length > 0 &&
    hosts.every((host) => isNearby(host, reach)) &&
    clients.every((client) => isNearby(client.includes(":") ? bracketed(client) : client, reach))
  );
}

function listed(values = ""): string[] {
  return values
    .split(",")
    .map((value) => value.trim())
    .filter((value) => value !== "");
}

function hostIn(url = ""): string | undefined {
  return /^https?:\/\/([^/?#]*)/i.exec(url)?.[1];
}

/**
 * An IPv6 address as it stands in a URL; what has brackets already, such as one with a port, stays.
 */
function bracketed(address: string): string {
  return address.includes("[") || /^[^:]*:\d+$/.test(address) ? address : `[${address.replace(/%.*$/, "")}]`;
}

/** Loopback (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3; RFC 6761, 6.3). */
const loopback = /^(?:127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|(?:.+\.)?localhost)$/;
/** Private (RFC 1918; RFC 4193) and link local (RFC 3927; RFC 4291, 2.5.6; RFC 6762). */
const around =
  /^(?:10(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2}|169\.254(?:\.\d+){2}|\[f[cd][0-9a-f]{2}:.*\]|\[fe[89ab][0-9a-f]:.*\]|.+\.local)$/;
/** IPv4 in IPv6 (RFC 4291, 2.5.5.2), as it stands in a URL: `[::ffff:7f00:1]`. */
const mapped = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/;

function isNearby(host: string, reach: Reach): boolean {
  const name = canonical(host);
  return name !== undefined && (loopback.test(name) || (reach === "private" && around.test(name)));
}

/** A host as browsers read it, without its port. */
function canonical(host: string): string | undefined {
  if (/[@/?#\\\s]/.test(host)) return undefined;
  try {
    const { hostname } = new URL(`http://${host}`);
    const [, high = "", low = ""] = mapped.exec(hostname) ?? [];
    if (high === "") return hostname.replace(/\.$/, "");
    const [upper, lower] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
    return [upper >> 8, upper & 255, lower >> 8, lower & 255].join(".");
  } catch {
    return undefined;
  }
}
