import { SessionFieldError } from "@sessgen/runtime";
import { isCsrfToken } from "example-shop";
import { sessionRoute } from "./session/next";

type Handler<Context> = Parameters<typeof sessionRoute<Context>>[0];

/**
 * What all Route Handlers of the shop have in common: the session, the token against CSRF, and
 * errors.
 */
export function route<Context>(handler: Handler<Context>): ReturnType<typeof sessionRoute<Context>> {
  return sessionRoute<Context>(
    (session, request, context) => {
      if (request.method === "POST" && !isCsrfToken(session, request.headers.get("x-csrf-token")))
        return Response.json({ error: "csrf" }, { status: 403 });
      return handler(session, request, context);
    },
    { onError },
  );
}

/**
 * What the schema forbids is the client's mistake; what else went wrong with sessions has a status
 * of its own.
 */
function onError(error: unknown): Response | undefined {
  if (error instanceof SessionFieldError) return Response.json({ error: error.message }, { status: 400 });
  return error instanceof Error && "status" in error
    ? undefined
    : Response.json({ error: "internal" }, { status: 500 });
}
