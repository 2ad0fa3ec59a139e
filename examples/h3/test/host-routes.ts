import { Readable } from "node:stream";
import { setImmediate, setInterval } from "node:timers/promises";
import { type H3Event, type H3Plugin, HTTPError, HTTPResponse, redirect } from "h3";

let open = 0;

/** The routes of test/frameworks/host-cases.ts. */
export const hostRoutes: H3Plugin = (app) => {
  app.get("/host/streams", () => ({ open }));
  app.use("/host/**", ({ context, url }) => {
    if (url.pathname !== "/host/streams") context.session.visits += 1;
  });
  app.get("/host/stream", ({ req }) => {
    open += 1;
    return new ReadableStream({
      async start(controller) {
        try {
          for await (const _ of setInterval(5, undefined, { signal: req.signal }))
            controller.enqueue(new TextEncoder().encode("line\n"));
        } catch {
          open -= 1;
        }
      },
    });
  });
  app.get("/host/broken", () => Readable.from(broken()));
  app.get("/host/redirect", () => redirect("/notice", 303));
  app.get("/host/thrown-redirect", () => {
    throw new HTTPError({ status: 303, headers: { location: "/notice" } });
  });
  app.get("/host/error", () => {
    throw new Error("The handler failed");
  });
  app.get("/host/not-modified", () => new HTTPResponse(null, { status: 304, headers: { etag: '"page"' } }));
  app.post("/host/echo", ({ req }) => req.text());
  app.get("/host/trailing", () => ({}), {
    middleware: [
      async ({ context }: H3Event, next) => {
        const answer = await next();
        context.session.visits += 1;
        return answer;
      },
    ],
  });
};

async function* broken(): AsyncGenerator<string> {
  yield "line\n";
  // srvx ends a connection at once, with what has not left by then.
  await setImmediate();
  throw new Error("The source is gone");
}
