import { isCsrfToken } from "example-shop";
import { data } from "react-router";
import { sessionContext } from "../../.server/session/react-router";
import type { Route } from "./+types/api";

/**
 * Keeps other sites from changing anything by these routes; of the forms of pages React Router asks
 * where they come from.
 */
const onlyWithToken: Route.MiddlewareFunction = ({ context, request }) => {
  if (request.method !== "POST") return;
  const token = request.headers.get("x-csrf-token");
  if (!isCsrfToken(context.get(sessionContext), token)) throw data({ error: "csrf" }, { status: 403 });
};

export const middleware: Route.MiddlewareFunction[] = [onlyWithToken];
