import { Readable } from "node:stream";
import { setInterval } from "node:timers/promises";
import { type Express, Router } from "express";

/** The routes of test/frameworks/host-cases.ts. */
export function addHostRoutes(app: Express): void {
  const routes = Router();
  let open = 0;

  async function* lines() {
    open += 1;
    try {
      for await (const _ of setInterval(5)) yield "line\n";
    } finally {
      open -= 1;
    }
  }

  routes.get("/streams", (_request, response) => void response.json({ open }));
  routes.use((request, _response, next) => {
    request.session.visits += 1;
    next();
  });
  routes.get("/stream", (_request, response) => {
    const stream = Readable.from(lines());
    response.once("close", () => stream.destroy());
    stream.pipe(response);
  });
  routes.get("/redirect", (_request, response) => response.redirect(303, "/notice"));
  routes.get("/error", () => {
    throw new Error("The handler failed");
  });
  routes.get("/broken", (_request, response) => {
    response.write("line\n", () => response.destroy(new Error("The source is gone")));
  });
  routes.get("/not-modified", (_request, response) => void response.status(304).set("etag", '"page"').end());
  routes.post("/echo", (request, response) => void request.pipe(response));
  routes.get("/trailing", (_request, response, next) => {
    response.locals["answer"] = {};
    next();
  });
  routes.use((request, response, next) => {
    if (response.locals["answer"] === undefined) return next();
    request.session.visits += 1;
    response.json(response.locals["answer"]);
  });
  app.use("/host", routes);
}
