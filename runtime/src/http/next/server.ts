import { SessionError, SessionFieldError } from "../../errors.js";
import type { Sessions } from "../../session/lifecycle/sessions.js";
import { type ReadonlySessionOf, readOnly, refused } from "../../session/state/read-only.js";
import { type SessionBase, stateOf } from "../../session/state/session-base.js";
import { withSession } from "../fetch.js";
import { answerOf, isAnswer } from "./control-flow.js";
import type { NextCookies } from "./cookies.js";
import { setCookies } from "./cookies.js";
import { factsOf, type NextHeaders } from "./facts.js";

/** What {@link nextServer} takes of Next.js and React, by the names it has there. */
export interface NextFunctions {
  readonly cookies: () => Promise<NextCookies>;
  readonly headers: () => Promise<NextHeaders>;
  readonly after: (work: () => Promise<void>) => void;
  readonly cache: (make: () => object) => () => object;
}

/** Options of a Route Handler with a session. */
export interface NextRouteOptions {
  /**
   * Answers what went wrong: what the handler threw, and what kept the session from being opened or
   * saved. What was written before the handler threw is saved with this answer. Without it, or
   * where it gives back nothing, a client gets a session's error as its status, and all else goes
   * to Next.js, unsaved.
   */
  readonly onError?: (
    error: unknown,
    request: Request,
  ) => Response | undefined | Promise<Response | undefined>;
}

/** Sessions where Next.js has no handle of its own on the response. */
export interface NextServer<S extends SessionBase> {
  /** Opens the request's session to read in it, once for each request. */
  read(): Promise<ReadonlySessionOf<S>>;
  /** Makes a Server Action that has the session, and saves it. */
  action<Args extends unknown[], Result>(
    work: (session: S, ...args: Args) => Result | Promise<Result>,
  ): (...args: Args) => Promise<Result>;
  /** Makes a Route Handler that has the session, and saves it. */
  route<R extends Request, Context>(
    handler: (session: S, request: R, context: Context) => Response | Promise<Response>,
    options?: NextRouteOptions,
  ): (request: R, context: Context) => Promise<Response>;
}

/** Gives an application of Next.js its sessions, in all places but the proxy. */
export function nextServer<S extends SessionBase>(
  sessions: Sessions<S>,
  { cookies, headers, after, cache }: NextFunctions,
): NextServer<S> {
  /**
   * By the request's headers: a page that is rendered after an action has what the action has left.
   */
  const opened = new WeakMap<NextHeaders, Promise<S>>();
  const shown = new WeakSet<S>();
  // React remembers while it renders, and not elsewhere.
  const remembered = cache(() => ({}));
  const isRendering = (): boolean => {
    const first = remembered();
    return first === remembered();
  };

  /** One session for each request, whoever asks for it first. */
  function sessionOf(request: NextHeaders): Promise<S> {
    let session = opened.get(request);
    if (session === undefined) {
      session = sessions.open(request, { ...factsOf(request), method: isRendering() ? "GET" : "POST" });
      opened.set(request, session);
    }
    return session;
  }

  return {
    async read() {
      const session = await sessionOf(await headers());
      if (isRendering() && !shown.has(session)) {
        shown.add(session);
        session.$headersSent();
        after(() => conclude(session));
      }
      return readOnly(session);
    },

    action: (work) => {
      return async (...args) => {
        if (isRendering()) throw refused("a Server Action that is called while a page is rendered");
        const [session, jar] = [await sessionOf(await headers()), await cookies()];
        const sent = session.$headers;
        try {
          const result = await outcomeOf(() => work(session, ...args));
          // A cookie that is set has Next.js show the page anew, with what was changed.
          if (session.$modified && !session.$isNew) stateOf(session).ask({ resend: true });
          await session.$commit();
          return result();
        } catch (error) {
          if (!isAnswer(error)) session.$disable();
          throw error;
        } finally {
          if (session.$headers !== sent) setCookies(jar, session.$headers);
        }
      };
    },

    route:
      (handler, { onError } = {}) =>
      async (request, context) => {
        let asked: unknown;
        const answered = async (error: unknown): Promise<Response> => {
          if (error === asked) throw error;
          asked = error;
          const answer = answerOf(error) ?? (await onError?.(error, request));
          if (answer === undefined) throw error;
          return answer;
        };
        const { address } = factsOf(request.headers);
        try {
          return await withSession(
            sessions,
            request,
            async (session) => {
              opened.set(await headers(), Promise.resolve(session));
              return await attempt(() => handler(session, request, context), answered);
            },
            { address, trustProxy: 1 },
          );
        } catch (error) {
          return await attempt(() => answered(error), statusOf);
        }
      },
  };
}

/** What a Server Action comes to: a result, or what it has thrown that is none of its failures. */
async function outcomeOf<T>(work: () => T | Promise<T>): Promise<() => T> {
  return attempt(
    async () => {
      const result = await work();
      return () => result;
    },
    (thrown) => {
      if (!isAnswer(thrown)) throw thrown;
      return () => {
        throw thrown;
      };
    },
  );
}

async function attempt<T>(
  work: () => T | Promise<T>,
  otherwise: (error: unknown) => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    return await otherwise(error);
  }
}

/** Answers with the status of what sessions failed by. Next.js itself would say 500 to all. */
function statusOf(error: unknown): Response {
  if (!(error instanceof SessionError) || error instanceof SessionFieldError) throw error;
  console.error(error);
  return new Response(null, { status: error.status });
}

/**
 * Saves what a page that was rendered leaves behind: flash fields that it has shown, and that the
 * session was used. What takes a cookie waits for the next request that can set one.
 */
async function conclude(session: SessionBase): Promise<void> {
  const state = stateOf(session);
  const takesCookie = state.answer.carries || (session.$permanent && !state.values.mayHaveChanged());
  if (takesCookie || !session.$needsCommit) return;
  try {
    await session.$commit();
  } catch (error) {
    session.$report(error);
  }
}
