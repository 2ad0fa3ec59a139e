import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setInterval } from "node:timers/promises";
import Router from "@koa/router";

/** The routes of test/frameworks/host-cases.ts. */
export const hostRoutes: Router = new Router({ prefix: "/host" });

let open = 0;

async function* lines() {
  open += 1;
  try {
    for await (const _ of setInterval(5)) yield "line\n";
  } finally {
    open -= 1;
  }
}

async function* broken() {
  yield "line\n";
  throw new Error("The source is gone");
}

hostRoutes.get("/streams", (context) => {
  context.body = { open };
});
hostRoutes.use((context, next) => {
  context.session.visits += 1;
  return next();
});
hostRoutes.get("/stream", (context) => {
  context.body = Readable.from(lines());
});
hostRoutes.get("/redirect", (context) => context.redirect("/notice"));
hostRoutes.get("/error", () => {
  throw new Error("The handler failed");
});
hostRoutes.get("/broken", (context) => {
  context.body = Readable.from(broken());
});
hostRoutes.get("/not-modified", (context) => {
  context.status = 304;
  context.etag = "page";
});
hostRoutes.post("/echo", async (context) => {
  context.body = await text(context.req);
});
hostRoutes.get(
  "/trailing",
  async (context, next) => {
    await next();
    context.session.visits += 1;
  },
  (context) => {
    context.body = {};
  },
);
