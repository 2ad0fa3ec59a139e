import { setTimeout } from "node:timers/promises";
import type { Route, Routes, Visit } from "../src/app.js";

let open = 0;

/** The routes of test/frameworks/host-cases.ts. */
export const hostRoutes: Routes = {
  "GET /host/stream": visiting(() => {
    let timer: NodeJS.Timeout;
    open += 1;
    const lines = new ReadableStream({
      start(controller) {
        timer = setInterval(() => controller.enqueue(new TextEncoder().encode("line\n")), 5);
      },
      cancel() {
        open -= 1;
        clearInterval(timer);
      },
    });
    return new Response(lines);
  }),
  "GET /host/streams": () => Response.json({ open }),
  "GET /host/broken": visiting(() => {
    const lines = [new TextEncoder().encode("line\n")];
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const line = lines.pop();
        if (line !== undefined) return controller.enqueue(line);
        // Until it is on its way: a stream that fails takes back what has not been read.
        await setTimeout(50);
        controller.error(new Error("The stream failed"));
      },
    });
    return new Response(body);
  }),
  "GET /host/redirect": visiting(({ request }) => Response.redirect(new URL("/notice", request.url), 303)),
  "GET /host/thrown-redirect": visiting(({ request }) => {
    throw Response.redirect(new URL("/notice", request.url), 303);
  }),
  "GET /host/not-modified": visiting(() => new Response(null, { status: 304, headers: { etag: '"page"' } })),
  "POST /host/echo": visiting(async ({ request }) => new Response(await request.text())),
};

function visiting(route: Route): Route {
  return (visit: Visit) => {
    visit.session.visits += 1;
    return route(visit);
  };
}
