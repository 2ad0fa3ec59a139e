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
