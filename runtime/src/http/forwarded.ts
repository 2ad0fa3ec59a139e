import type { IncomingMessage } from "node:http";
import { BlockList, isIP, type Socket } from "node:net";
import { forwardedTls } from "./forwarded-tls.js";

/**
 * Whether `X-Forwarded-Proto` is believed. Default `false`: whoever sends a request can send this
 * header.
 * - `true`: always; the server must then be out of reach except through the proxy, which sets the
 *   header itself
 * - a number: so many proxies are passed on the way, and each adds its value at the end; `true` is
 *   one
 * - a list: when the connection comes from one of these addresses or networks, such as
 *   `["127.0.0.1", "10.0.0.0/8"]`
 */
export type TrustProxy = boolean | number | readonly string[];

/**
 * Tells whether the client's request came over TLS, as far as the connection and the proxies that
 * are trusted say.
 */
export function cameOverTls(request: IncomingMessage, trustProxy: TrustProxy = false): boolean {
  const { socket } = request;
  const direct = (socket as Socket & { readonly encrypted?: boolean }).encrypted === true;
  if (trustProxy === false) return direct;
  const hops = typeof trustProxy === "object" ? Number(isAmong(trustProxy, socket)) : Number(trustProxy);
  return forwardedTls([request.headers["x-forwarded-proto"] ?? []].flat().join(), hops) ?? direct;
}

const lists = new WeakMap<readonly string[], BlockList>();

function isAmong(addresses: readonly string[], { remoteAddress = "" }: Socket): boolean {
  const list = lists.get(addresses) ?? listOf(addresses);
  lists.set(addresses, list);
  // A server on `::` sees IPv4 clients as ::ffff:10.0.0.1.
  const address = remoteAddress.replace(/^::ffff:(?=\d+\.)/i, "");
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 4 ? "ipv4" : "ipv6");
}

/** @throws TypeError, RangeError for what is neither address nor network */
function listOf(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of addresses) {
    const [address = "", bits] = entry.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}
