import type { Sessions } from "../../session/lifecycle/sessions.js";
import type { SessionBase } from "../../session/state/session-base.js";
import { withSession } from "../fetch.js";
import { cookiesIn } from "./cookies.js";
import { factsOf } from "./facts.js";

// biome-ignore lint/suspicious/noConfusingVoidType: functions without a `return` are welcome
type Answer = Response | undefined | void;

/**
 * What a proxy of Next.js does with a session; where it gives back nothing, the request goes on.
 */
export type NextProxyWork<S extends SessionBase, R extends Request> = (
  session: S,
  request: R,
) => Answer | Promise<Answer>;

/** What {@link nextProxy} takes of `NextResponse`. */
export interface NextResponses {
  next(init?: { readonly request?: { readonly headers: Headers } }): Response;
}

/**
 * Makes a proxy of Next.js, which was called middleware before 16, that has the session and saves
 * it. Pages and handlers behind it get the session that it has left, not the one that came.
 */
export function nextProxy<S extends SessionBase, R extends Request>(
  sessions: Sessions<S>,
  responses: NextResponses,
  work: NextProxyWork<S, R>,
): (request: R) => Promise<Response> {
  return async (request) => {
    let session: S | undefined;
    const { address } = factsOf(request.headers);
    const response = await withSession(
      sessions,
      request,
      async (opened) => {
        session = opened;
        return (await work(opened, request)) ?? responses.next();
      },
      { address, trustProxy: 1 },
    );
    const changed = cookiesIn(session?.$headers ?? []);
    const goesOn = response.headers.has("x-middleware-next") || response.headers.has("x-middleware-rewrite");
    if (goesOn && changed.length > 0) {
      const cookie = changed.reduce(
        (header, { name, value }) => replaced(header, name, value),
        response.headers.get(overridden) ?? request.headers.get("cookie") ?? "",
      );
      forward(response.headers, request.headers, cookie, responses);
    }
    return response;
  };
}

const overrides = "x-middleware-override-headers";
const overridden = "x-middleware-request-cookie";

/**
 * Has Next.js go on with another Cookie header; those that the proxy has changed by itself stay.
 */
function forward(answer: Headers, request: Headers, cookie: string, responses: NextResponses): void {
  const names = answer.get(overrides);
  if (names === null) {
    const headers = new Headers(request);
    headers.set("cookie", cookie);
    for (const [name, value] of responses.next({ request: { headers } }).headers)
      if (name === overrides || name.startsWith("x-middleware-request-")) answer.set(name, value);
  } else {
    if (!names.split(",").includes("cookie")) answer.set(overrides, `${names},cookie`);
    answer.set(overridden, cookie);
  }
}

/** A Cookie header with that one in it; without it where its value is empty. */
function replaced(header: string, name: string, value: string | undefined): string {
  const others = header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "" && pair.split("=", 1)[0] !== name);
  return [...others, ...(value ? [`${name}=${value}`] : [])].join("; ");
}
