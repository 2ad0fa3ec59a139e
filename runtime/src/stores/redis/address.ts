import { SessionError } from "../../errors.js";

/** What stands in the address of a node or a Sentinel. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly credentials: { readonly username?: string; readonly password?: string };
  readonly tls: boolean;
}

/**
 * Takes `redis://user:password@host:port` or `rediss://…` apart.
 * @throws SessionError `store/unavailable`; it does not show the address, which may hold a password
 */
function parseAddress(url: string, defaultPort: number): RedisAddress {
  if (!URL.canParse(url)) throw unusable("An address of the redis store is not a URL");
  const { protocol, hostname, port, username, password } = new URL(url);
  if (!/^rediss?:$/.test(protocol))
    throw unusable("An address of the redis store begins with neither redis:// nor rediss://");
  return {
    host: hostname.replace(/^\[|\]$/g, "") || "localhost",
    port: port === "" ? defaultPort : Number(port),
    credentials: {
      ...(username !== "" && { username: decodeURIComponent(username) }),
      ...(password !== "" && { password: decodeURIComponent(password) }),
    },
    tls: protocol === "rediss:",
  };
}

/** Does the same for a list; an empty one is an error. */
export function parseAddresses(
  urls: readonly string[],
  defaultPort: number,
): readonly [RedisAddress, ...RedisAddress[]] {
  const [first, ...others] = urls.map((url) => parseAddress(url, defaultPort));
  if (first === undefined) throw noServer();
  return [first, ...others];
}

/** Makes the error of options that say nowhere where Redis is. */
export function noServer(): SessionError {
  return unusable("The redis store was given no url, no nodes, no sentinel and no client");
}

function unusable(summary: string): SessionError {
  return new SessionError("store/unavailable", summary);
}
