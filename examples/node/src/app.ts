import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { SessionFieldError } from "@sessgen/runtime";
import { isCsrfToken } from "example-shop";
import { devices } from "./devices.js";
import type { Session } from "./session/index.js";
import { session } from "./session/node.js";
import { shop } from "./shop.js";

/** What a route is given of a request. */
export interface Visit {
  readonly session: Session;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The JSON in a POST; `undefined` in others. */
  readonly body: unknown;
}

/**
 * Answers a request: what it gives back is sent as JSON, nothing as 204, unless it has answered by
 * itself.
 */
export type Route = (visit: Visit) => unknown;

/** Routes by method and path, such as `GET /cart`. */
export type Routes = Readonly<Record<string, Route>>;

/** A small shop: who is logged in, what is in the cart, and a message that is shown once. */
export function createApp(more: Routes = {}): RequestListener {
  const routes: Routes = { ...shop, ...devices, ...more };
  return session(async (request, response, visitor) => {
    const method = request.method === "HEAD" ? "GET" : request.method;
    const route = routes[`${method} ${request.url}`];
    if (route === undefined) return send(response, 404, { error: "not found" });
    if (method === "POST" && !isCsrfToken(visitor, request.headers["x-csrf-token"]))
      return send(response, 403, { error: "csrf" });
    try {
      const isJson = request.headers["content-type"] === "application/json";
      const body = isJson ? await json(request) : undefined;
      const answer = await route({ session: visitor, request, response, body });
      if (response.headersSent) return;
      // What the schema forbids is found here, or where it is assigned.
      await visitor.$commit();
      if (answer === undefined) send(response, 204);
      else send(response, 200, answer);
    } catch (error) {
      if (!(error instanceof SessionFieldError)) throw error;
      visitor.$disable();
      send(response, 400, { error: error.message });
    }
  });
}

function send(response: ServerResponse, status: number, body?: unknown): void {
  response.writeHead(status, body === undefined ? {} : { "content-type": "application/json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
