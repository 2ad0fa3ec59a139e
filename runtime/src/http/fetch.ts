import type { SessionBase } from "../session/session-base.js";
import type { Sessions } from "../session/sessions.js";
import { uncacheable, varyOnCookie } from "./headers.js";

/**
 * Runs a Fetch handler with the request's session. The session is committed after the handler has answered and before
 * the response leaves; a streamed body may go on streaming but must not change the session any more.
 *
 * @returns the handler's response, with the session's headers added
 * @throws whatever the handler throws (nothing is then saved), and whatever the commit throws
 */
export async function withSession<S extends SessionBase>(
  sessions: Sessions<S>,
  request: Request,
  handler: (session: S, request: Request) => Response | Promise<Response>,
): Promise<Response> {
  const session = await sessions.open(request.headers.get("cookie"));
  const response = await handler(session, request);
  const cookies = await session.$commit();
  if (cookies.length === 0 && !session.$accessed) return response;
  // A network error, or an upgrade that took the connection over: there are no headers to add to.
  if (response.status < 200) return response;
  // A copy: the headers of redirects and of fetched responses cannot be changed.
  const answer = new Response(response.body, response);
  // The handler may have committed by itself and sent the cookie.
  const sent = answer.headers.getSetCookie();
  for (const cookie of cookies) if (!sent.includes(cookie)) answer.headers.append("set-cookie", cookie);
  if (session.$accessed) answer.headers.set("vary", varyOnCookie(answer.headers.get("vary") ?? undefined));
  if (cookies.length > 0) {
    answer.headers.set("cache-control", uncacheable(answer.headers.get("cache-control") ?? undefined));
  }
  return answer;
}
