import { setImmediate, setTimeout } from "node:timers/promises";
import { Elysia } from "elysia";
import { session } from "../src/session/elysia.js";

let open = 0;

/** The routes of test/frameworks/host-cases.ts. */
export const hostRoutes = new Elysia({ prefix: "/host" })
  .use(session())
  .get("/streams", () => ({ open }))
  .onBeforeHandle(({ session }) => {
    session.visits += 1;
  })
  .get("/stream", async function* ({ request }) {
    open += 1;
    try {
      while (!request.signal.aborted) {
        yield "line\n";
        await setTimeout(5);
      }
    } finally {
      open -= 1;
    }
  })
  // Node's `Response.redirect()`, which this is, takes whole addresses only.
  .get("/redirect", ({ redirect, request }) => redirect(new URL("/notice", request.url).href, 303))
  .get("/thrown-redirect", ({ redirect, request }) => {
    throw redirect(new URL("/notice", request.url).href, 303);
  })
  .get("/error", () => {
    throw new Error("The handler failed");
  })
  .get("/broken", () => {
    const lines = ["line\n"];
    const body = new ReadableStream<string>({
      pull: async (controller) => {
        const line = lines.pop();
        if (line !== undefined) return controller.enqueue(line);
        // srvx ends a connection at once, with what has not left by then.
        await setImmediate();
        controller.error(new Error("The stream failed"));
      },
    });
    return new Response(body.pipeThrough(new TextEncoderStream()));
  })
  .get("/not-modified", ({ status, set }) => {
    set.headers.etag = '"page"';
    return status(304);
  })
  .post("/echo", ({ body }) => body)
  .get("/trailing", () => ({}), {
    afterHandle: ({ session }) => {
      session.visits += 1;
    },
  });
