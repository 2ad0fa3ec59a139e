import type { IncomingMessage, ServerResponse } from "node:http";
import type { Sessions } from "../session/lifecycle/sessions.js";
import type { SessionBase } from "../session/state/session-base.js";
import { cameOverTls, type TrustProxy } from "./forwarded.js";
import { hold } from "./hold.js";
import { provideSession, refuseDisplaced, refuseTaken } from "./place.js";
import { headerOf } from "./request-headers.js";
import { shareShape } from "./shared-shape.js";

/**
 * Options of {@link attachSession}.
 * @typeParam R - the framework's request
 */
export interface AttachOptions<R extends IncomingMessage = IncomingMessage> {
  /**
   * Requests that get no session, such as those for assets or of health checks: neither the store
   * is asked nor a cookie set. They get one that reads as empty and refuses writes with
   * `session/disabled`.
   */
  readonly skip?: (request: R) => boolean;
  /**
   * Called when the session could not be saved; the response is still untouched then. Without it
   * the client gets the error's status (503, 409, 500) and no more, and `onError` of the sessions
   * is told: `console.error` by default.
   */
  readonly onError?: (error: unknown) => void;
  /**
   * For `secure: "auto"`: which proxies are believed that say whether the request came over TLS.
   * Default: none.
   */
  readonly trustProxy?: TrustProxy;
  /**
   * For a `binding` to the network: the client's address, where a framework knows. Default: who the
   * connection is with.
   */
  readonly address?: string | undefined;
  /**
   * For `secure: "auto"`: whether the request came over TLS, where a framework knows; `trustProxy`
   * is not looked at then.
   */
  readonly secure?: boolean;
  /**
   * Puts the session on the request, under this name. One that has one of ours there keeps it;
   * something else's is refused.
   */
  readonly as?: string;
  /** What gets it under that name, such as the context of a framework. Default: the request. */
  readonly on?: object;
}

/**
 * Opens the request's session and commits it before the response's headers leave: what the handler
 * writes waits until the session is saved, so no client sees success for a session that was not.
 * Streaming, `pipe` and back-pressure work; what is streamed must not change the session any more.
 *
 * @throws SessionError `store/…` when the store is out of reach and `onStoreError` is `"error"`;
 *   `session/name-taken`
 */
export function attachSession<S extends SessionBase, R extends IncomingMessage = IncomingMessage>(
  sessions: Sessions<S>,
  request: R,
  response: ServerResponse,
  options: AttachOptions<R> = {},
): Promise<S> {
  const { as } = options;
  return as === undefined
    ? openHeld(sessions, request, response, options)
    : attachAs(as, sessions, request, response, options);
}

async function attachAs<S extends SessionBase, R extends IncomingMessage>(
  as: string,
  sessions: Sessions<S>,
  request: R,
  response: ServerResponse,
  options: AttachOptions<R>,
): Promise<S> {
  const { on = request } = options;
  const where = `${on === request ? "request" : "context"}.${as}`;
  const present: unknown = Reflect.get(on, as);
  refuseTaken(present, where);
  if (present !== undefined && present !== null) return present as S;
  const session = await openHeld(sessions, request, response, options, () => refuseDisplaced(on, where));
  provideSession(on, where, session);
  return session;
}

/**
 * Opens the request's session and holds the response until it is committed, as
 * {@link attachSession} does.
 * @param check - called before the headers leave; what it throws is answered like a commit that
 *   fails
 */
export async function openHeld<S extends SessionBase, R extends IncomingMessage>(
  sessions: Sessions<S>,
  request: R,
  response: ServerResponse,
  options: AttachOptions<R>,
  check?: () => void,
): Promise<S> {
  if (options.skip?.(request)) return sessions.disabled();
  shareShape(request);
  shareShape(response);
  const secure = options.secure ?? cameOverTls(request, options.trustProxy);
  const address = options.address ?? request.socket.remoteAddress;
  const { method } = request;
  // Express cuts off where a router is mounted.
  const { originalUrl } = request as IncomingMessage & { readonly originalUrl?: string };
  const url = originalUrl ?? request.url;
  const session = await sessions.open(
    { get: (name) => headerOf(request, name) },
    { secure, address, method, url },
  );
  hold(response, { session, onError: options.onError, check });
  return session;
}
