import { pipeline } from "node:stream/promises";
import type { Routes, Visit } from "../src/app.js";

let open = 0;

/** The routes of test/frameworks/host-cases.ts. */
export const hostRoutes: Routes = {
  "GET /host/stream": visiting(({ response }) => {
    open += 1;
    const timer = setInterval(() => response.write("line\n"), 5);
    response.once("close", () => {
      open -= 1;
      clearInterval(timer);
    });
    response.write("line\n");
  }),
  "GET /host/streams": () => ({ open }),
  "GET /host/redirect": visiting(({ response }) => response.writeHead(303, { location: "/notice" }).end()),
  "GET /host/error": visiting(() => {
    throw new Error("The handler failed");
  }),
  "GET /host/broken": visiting(({ response }) => {
    response.write("line\n", () => response.destroy(new Error("The source is gone")));
  }),
  "GET /host/not-modified": visiting(({ response }) => response.writeHead(304, { etag: '"page"' }).end()),
  "POST /host/echo": visiting(({ request, response }) => pipeline(request, response)),
};

function visiting(route: (visit: Visit) => unknown): (visit: Visit) => Promise<void> {
  return async (visit) => {
    visit.session.visits += 1;
    await route(visit);
  };
}
