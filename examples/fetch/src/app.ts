import { SessionFieldError } from "@sessgen/runtime";
import { isCsrfToken } from "example-shop";
import { devices } from "./devices.js";
import { session } from "./session/fetch.js";
import type { Session } from "./session/index.js";
import { shop } from "./shop.js";

/** What a route is given of a request. */
export interface Visit {
  readonly session: Session;
  readonly request: Request;
}

/** Answers a request. */
export type Route = (visit: Visit) => Response | Promise<Response>;

/** Routes by method and path, such as `GET /cart`. */
export type Routes = Readonly<Record<string, Route>>;

/** A small shop: who is logged in, what is in the cart, and a message that is shown once. */
export function createApp(more: Routes = {}): (request: Request) => Promise<Response> {
  const routes: Routes = { ...shop, ...devices, ...more };
  return session(async (request, visitor) => {
    const method = request.method === "HEAD" ? "GET" : request.method;
    const route = routes[`${method} ${new URL(request.url).pathname}`];
    if (route === undefined) return Response.json({ error: "not found" }, { status: 404 });
    if (method === "POST" && !isCsrfToken(visitor, request.headers.get("x-csrf-token")))
      return Response.json({ error: "csrf" }, { status: 403 });
    try {
      const response = await route({ session: visitor, request });
      // What the schema forbids is found here, or where it is assigned.
      await visitor.$commit();
      return response;
    } catch (error) {
      if (!(error instanceof SessionFieldError)) throw error;
      visitor.$disable();
      return Response.json({ error: error.message }, { status: 400 });
    }
  });
}
