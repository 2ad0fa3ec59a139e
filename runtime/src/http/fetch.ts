import { isSetCookie } from "../cookie/cookie.js";
import type { Sessions } from "../session/lifecycle/sessions.js";
import type { SessionBase } from "../session/state/session-base.js";
import { forwardedTls } from "./forwarded-tls.js";
import { addHeader, cacheControlFor, varyOn } from "./headers.js";

export { provideSession, refuseTaken } from "./place.js";

/** Options of {@link withSession}. */
export interface WithSessionOptions {
  /** For a `binding` to the network: the client's address, which a Request does not tell. */
  readonly address?: string | undefined;
  /** Requests that get no session; neither the store is asked nor a cookie set. */
  readonly skip?: (request: Request) => boolean;
  /**
   * For `secure: "auto"`: how many proxies are believed that say in `X-Forwarded-Proto` whether the
   * request came over TLS; `true` is one. Default: none, the URL decides. What the server is
   * reached by except through them can then send what it likes.
   */
  readonly trustProxy?: boolean | number;
}

/**
 * Runs a Fetch handler with the request's session. The session is committed after the handler has
 * answered and before the response leaves; a streamed body may go on streaming but must not change
 * the session any more. A `Response` that the handler throws, such as a redirect, is an answer like
 * one that it returns.
 *
 * @returns the handler's response, with the session's headers added
 * @throws whatever else the handler throws (nothing more is then saved), and whatever the commit
 *   throws; except where the client has to be told of an id that was changed before: it then gets
 *   the error's status, and `onError` of the sessions is told
 */
export async function withSession<S extends SessionBase>(
  sessions: Sessions<S>,
  request: Request,
  handler: (session: S, request: Request) => Response | Promise<Response>,
  options: WithSessionOptions = {},
): Promise<Response> {
  if (options.skip?.(request)) return handler(sessions.disabled(), request);
  const forwarded = forwardedTls(request.headers.get("x-forwarded-proto"), Number(options.trustProxy ?? 0));
  const secure = forwarded ?? request.url.startsWith("https:");
  const session = await sessions.open(request.headers, {
    secure,
    address: options.address,
    method: request.method,
    url: request.url,
  });
  const response = await answered(session, () => handler(session, request));
  const headers = session.$headers;
  if (headers.length === 0 && !session.$accessed) return response;
  // A network error, or an upgrade that took the connection over: there are no headers to add to.
  if (response.status < 200) return response;
  // A copy: the headers of redirects and of fetched responses cannot be changed.
  const answer = new Response(response.body, response);
  for (const [name, value] of headers) {
    // The handler may have committed by itself and sent it.
    const sent = isSetCookie(name) ? answer.headers.getSetCookie() : [answer.headers.get(name) ?? ""];
    const add = addHeader(name, value, sent);
    if (add !== "nothing") answer.headers[add](name, value);
  }
  answer.headers.set("vary", varyOn(session.$vary, answer.headers.get("vary") ?? undefined));
  const cacheControl = cacheControlFor([session], answer.headers.get("cache-control") ?? undefined);
  if (cacheControl !== undefined) answer.headers.set("cache-control", cacheControl);
  return answer;
}

/** The handler's response, once the session is saved, or what the client gets in its place. */
async function answered(session: SessionBase, handle: () => Response | Promise<Response>): Promise<Response> {
  let failed = "The request failed.\n";
  try {
    const response = await responseOf(handle);
    failed = "The session could not be saved.\n";
    await session.$commit();
    return response;
  } catch (error) {
    // The client would never hear of the id that it has by now.
    if (session.$headers.length === 0) throw error;
    session.$report(error);
    return new Response(failed, { status: statusOf(error) });
  } finally {
    session.$headersSent();
  }
}

/** What the handler answers, by whichever way. */
async function responseOf(handle: () => Response | Promise<Response>): Promise<Response> {
  try {
    return await handle();
  } catch (thrown) {
    if (thrown instanceof Response) return thrown;
    throw thrown;
  }
}

function statusOf(error: unknown): number {
  const status: unknown = Reflect.get(Object(error), "status");
  return typeof status === "number" && status >= 400 && status <= 599 ? status : 500;
}
