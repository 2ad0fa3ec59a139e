import type { RequestFacts } from "../../transports/request.js";
import { forwardedTls } from "../forwarded-tls.js";

/**
 * A request's headers, as `headers()` of `next/headers` gives them: the same object for all of a
 * request.
 */
export interface NextHeaders {
  get(name: string): string | null;
}

/**
 * Gives what is known of a request. Next.js has no more than its headers, and sees to it that they
 * say how the request came and from where, unless a proxy in front has said so.
 */
export function factsOf(headers: NextHeaders): RequestFacts {
  const secure = forwardedTls(headers.get("x-forwarded-proto"), 1);
  const address = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  return { ...(secure === undefined ? {} : { secure }), address };
}
