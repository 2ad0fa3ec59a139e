import { csrfToken, deviceOf, isCsrfToken, userNamed } from "example-shop";
import type { ErrorRequestHandler, Express, json, urlencoded } from "express";
import { addDevices } from "./devices.js";
import { session } from "./session/express.js";

/** The part of Express that the application uses; Express 4 and 5 have it in common. */
export interface ExpressModule {
  (): Express;
  json: typeof json;
  urlencoded: typeof urlencoded;
}

/**
 * A small shop: who is logged in, what is in the cart, and a message that is shown once.
 * @param add - adds routes, before the error handler
 */
export function createApp(express: ExpressModule, add?: (app: Express) => void): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(express.json());
  app.use(express.urlencoded({ extended: false }));
  app.use(session());

  // Scripts send the token as a header, forms as a field.
  app.use((request, response, next) => {
    const token = request.get("x-csrf-token") ?? request.body?.csrf;
    if (request.method !== "POST" || isCsrfToken(request.session, token)) next();
    else response.status(403).json({ error: "csrf" });
  });

  app.get("/csrf", (request, response) => {
    response.json({ token: csrfToken(request.session) });
  });

  app.get("/", (request, response) => {
    request.session.visits += 1;
    response.json(request.session);
  });

  // A new `user` gives the session a new id (`regenerate: "on-change"` in session.config.ts).
  app.post("/login", (request, response) => {
    const { name } = request.body ?? {};
    // What a client sent, and the schema forbids, is answered with 400.
    request.session.$accept(() => {
      request.session.user = userNamed(name);
    });
    request.session.device = deviceOf(request.get("user-agent"));
    request.session.notice = `Welcome, ${name}`;
    // The form of the page of devices, or a script.
    if (request.accepts(["json", "html"]) === "html") response.redirect(303, "/devices");
    else response.status(204).end();
  });

  addDevices(app);

  app.post("/cart", (request, response) => {
    const { sku, quantity } = request.body ?? {};
    request.session.$accept(() => {
      const item = request.session.cart.find((candidate) => candidate.sku === sku);
      if (item === undefined) request.session.cart.push({ sku, quantity });
      else item.quantity += quantity;
    });
    response.status(204).end();
  });

  // Shown once: reading a flash field removes it.
  app.get("/notice", (request, response) => {
    response.json({ notice: request.session.notice ?? null });
  });

  app.post("/logout", async (request, response) => {
    await request.session.$destroy();
    request.session.notice = "Goodbye";
    response.status(204).end();
  });

  // Errors know their status, and whether clients may read them.
  const onError: ErrorRequestHandler = (error, _request, response, next) => {
    if (response.headersSent) return next(error);
    const said = error.expose ? error.message : (error.code ?? "internal");
    response.status(Number(error.status ?? 500)).json({ error: said });
  };
  add?.(app);
  app.use(onError);
  return app;
}
