import { createMiddleware } from "@tanstack/react-start";
import { isCsrfToken } from "example-shop";
import { visitor } from "./visitor";

/**
 * Refuses a change by a server route without the token of the session. Server functions need none:
 * see start.ts.
 */
export const csrf = createMiddleware()
  .middleware([visitor])
  .server(({ context: { session }, next, request }) => {
    if (request.method !== "POST") return next();
    if (isCsrfToken(session, request.headers.get("x-csrf-token"))) return next();
    return Response.json({ error: "csrf" }, { status: 403 });
  });
