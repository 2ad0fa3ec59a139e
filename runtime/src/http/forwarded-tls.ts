/**
 * Gives what `X-Forwarded-Proto` says of a request that came through so many proxies. Values
 * further to the left than the proxies reach are the client's own.
 * @returns `undefined` when it says nothing that is to be believed
 */
export function forwardedTls(header: string | null | undefined, hops: number): boolean | undefined {
  if (!header || !(hops >= 1)) return undefined;
  const values = header.split(",");
  const value = values[Math.max(0, values.length - hops)];
  return value?.trim().toLowerCase() === "https";
}
