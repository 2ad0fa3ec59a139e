import flash from "connect-flash";
import { doubleCsrf } from "csrf-csrf";
import { csrfSync } from "csrf-sync";
import csurf from "csurf";
import express, { type Express, type RequestHandler } from "express";
import { rateLimit } from "express-rate-limit";
import lusca from "lusca";
import supertest from "supertest";
import { describe, expect, it } from "vitest";
import { type Browser, form, serve, sessionHosts } from "./hosts.js";

// Middleware that keeps something in express-session's sessions, over those and over ours.

/** Keeps the id of a visitor who has done nothing yet: by it csrf-csrf and rate limits tell visitors apart. */
const begin: RequestHandler = (request, response) => {
  Object.assign(request.session, { user: "ada" });
  response.json({});
};

/** A middleware that makes tokens, and lets through who sends one. */
interface Guard {
  readonly mount: (app: Express) => void;
  /** The token of this request. */
  readonly token: (request: express.Request, response: express.Response) => string;
}

const guards: readonly (readonly [string, () => Guard])[] = [
  [
    "csurf",
    () => ({
      mount: (app) => app.use(csurf() as unknown as RequestHandler),
      token: (request) => (request as unknown as { csrfToken(): string }).csrfToken(),
    }),
  ],
  [
    "csrf-sync",
    () => {
      const { csrfSynchronisedProtection, generateToken } = csrfSync({
        getTokenFromRequest: ({ body }) => body?._csrf,
      });
      return {
        mount: (app) => app.use(csrfSynchronisedProtection),
        token: (request) => generateToken(request),
      };
    },
  ],
  [
    "csrf-csrf",
    () => {
      const { doubleCsrfProtection, generateCsrfToken } = doubleCsrf({
        getSecret: () => "a secret of these tests alone",
        getSessionIdentifier: (request) => request.session.id,
        getCsrfTokenFromRequest: ({ body }) => body?._csrf,
        cookieName: "csrf",
        cookieOptions: { secure: false },
      });
      return {
        mount(app) {
          // It reads its cookie where cookie-parser puts it.
          app.use((request, _response, next) => {
            const pairs = (request.headers.cookie ?? "").split("; ").map((pair) => pair.split("=", 2));
            request.cookies = Object.fromEntries(
              pairs.map(([name, value = ""]) => [name, decodeURIComponent(value)]),
            );
            next();
          });
          app.use(doubleCsrfProtection);
        },
        token: (request, response) => generateCsrfToken(request, response),
      };
    },
  ],
  [
    "lusca",
    () => ({
      mount: (app) => app.use(lusca.csrf({ secret: "luscaSecret" })),
      token: (_request, response) => response.locals["_csrf"],
    }),
  ],
];

describe.each(sessionHosts())("middleware over $name", (host) => {
  it.each(guards)("%s lets through who has a token of the session, and nobody else", async (_name, make) => {
    const guard = make();
    const { browser, errors } = await serve(host, (app) => {
      app.get("/begin", begin);
      app.use(express.urlencoded());
      guard.mount(app);
      app.get("/token", (request, response) => response.json(guard.token(request, response)));
      app.post("/", (_request, response) => response.json("done"));
    });
    const one = browser();
    await one("/begin");
    const tokenOf = async (go: Browser): Promise<string> => String((await go("/token")).json);
    const token = await tokenOf(one);
    expect((await one("/", form({ _csrf: token }))).json).toBe("done");
    expect((await one("/", form({ _csrf: await tokenOf(one) }))).json).toBe("done");
    const other = browser();
    await other("/begin");
    await tokenOf(other);
    for (const [who, given] of [
      [one, "made up"],
      [other, token],
      [browser(), token],
    ] as const)
      expect((await who("/", form({ _csrf: given }))).status).toBe(403);
    expect(errors).toHaveLength(3);
  });

  it("connect-flash shows each message once, also across redirects", async () => {
    const { browser } = await serve(host, (app) => {
      app.use(flash());
      app.get("/do/:what", (request, response) => {
        request.flash("info", request.params.what);
        request.flash("error", [`not ${request.params.what}`, "and more"]);
        response.redirect("/");
      });
      app.get("/", (request, response) => response.json(request.flash()));
    });
    const one = browser();
    expect((await one("/do/this")).status).toBe(302);
    await one("/do/that");
    expect((await one("/")).json).toEqual({
      info: ["this", "that"],
      error: ["not this", "and more", "not that", "and more"],
    });
    expect((await one("/")).json).toEqual({});
    expect((await browser()("/")).json).toEqual({});
  });

  it("express-rate-limit counts by session", async () => {
    const { browser } = await serve(host, (app) => {
      app.get("/begin", begin);
      app.use(
        rateLimit({
          windowMs: 60_000,
          limit: 2,
          keyGenerator: (request) => request.sessionID,
          legacyHeaders: false,
        }),
      );
      app.get("/", (_request, response) => response.json("served"));
    });
    const [one, other] = [browser(), browser()];
    await one("/begin");
    await other("/begin");
    const statuses = [];
    for (const go of [one, one, one, other]) statuses.push((await go("/")).status);
    expect(statuses).toEqual([200, 200, 429, 200]);
  });

  it("an agent of supertest is a browser: it is known again, without TLS", async () => {
    const app = express();
    app.use(host.session());
    app.get("/begin", begin);
    app.get("/", ({ session }, response) => response.json(Reflect.get(session, "user") ?? "nobody"));
    const agent = supertest.agent(app);
    await agent.get("/begin").expect(200);
    await agent.get("/").expect(200, '"ada"');
    await supertest.agent(app).get("/").expect(200, '"nobody"');
  });
});
