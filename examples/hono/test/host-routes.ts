import { setInterval, setTimeout } from "node:timers/promises";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { stream } from "hono/streaming";
import type { SessionEnv } from "../src/session/hono.js";

/** The routes of test/frameworks/host-cases.ts. */
export const hostRoutes: Hono<SessionEnv> = new Hono<SessionEnv>();

let open = 0;

hostRoutes.get("/streams", (context) => context.json({ open }));
hostRoutes.use((context, next) => {
  context.var.session.visits += 1;
  return next();
});
hostRoutes.get("/stream", (context) =>
  stream(context, async (out) => {
    open += 1;
    out.onAbort(() => {
      open -= 1;
    });
    for await (const _ of setInterval(5)) {
      if (out.aborted) break;
      await out.write("line\n");
    }
  }),
);
hostRoutes.get("/broken", (context) => {
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
  return context.body(body);
});
hostRoutes.get("/redirect", (context) => context.redirect("/notice", 303));
hostRoutes.get("/thrown-redirect", (context) => {
  throw new HTTPException(303, { res: context.redirect("/notice", 303) });
});
hostRoutes.get("/error", () => {
  throw new Error("The handler failed");
});
hostRoutes.get("/not-modified", (context) => context.body(null, 304, { etag: '"page"' }));
hostRoutes.post("/echo", async (context) => context.text(await context.req.text()));
hostRoutes.get(
  "/trailing",
  async (context, next) => {
    await next();
    context.var.session.visits += 1;
  },
  (context) => context.json({}),
);
