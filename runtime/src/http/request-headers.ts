import type { IncomingMessage } from "node:http";

/**
 * Gives a header's value. Node drops the second `Authorization` without a word; here it counts, so
 * that two of them are refused.
 */
export function headerOf({ headers, rawHeaders }: IncomingMessage, name: string): string | undefined {
  const value = headers[name] ?? (name === "host" ? headers[":authority"] : undefined);
  if (value === undefined || name === "cookie") return value?.toString();
  const all = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name,
  );
  return all.length > 1 ? all.join(", ") : [value].flat().join(", ");
}
