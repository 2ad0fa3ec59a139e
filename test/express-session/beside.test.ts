import cookieSession from "cookie-session";
import express, { type RequestHandler } from "express";
import expressSession from "express-session";
import passport from "passport";
import { describe, expect, it } from "vitest";
import { emitted, listen, type SessionHost } from "./hosts.js";

// Glue without compat, or with it, beside what has another idea of `request.session`.

const schema = "user: z.string().optional(), extra: z.record(z.string(), z.unknown()).default({})";
const plain = emitted("without compat", schema, '"express"');
const compat = emitted("with compat", schema, '{ name: "express", compat: "express-session", bag: "extra" }');
const named = emitted(
  "of a kind",
  schema,
  '"express"',
  'name: "visitor", lock: "sessgen.lock.json", output: "src/session"',
);

const theirs = (): RequestHandler =>
  expressSession({ secret: "a secret of these tests alone", resave: false, saveUninitialized: true });
const inCookie = (): RequestHandler => cookieSession({ secret: "a secret of these tests alone" });
const shown: RequestHandler = ({ session }, response) => {
  response.json(Reflect.get(session ?? {}, "user") ?? "nobody");
};

/** Serves these middlewares, and asks once. */
async function asked(...middlewares: readonly RequestHandler[]) {
  const app = express();
  for (const middleware of middlewares) app.use(middleware);
  app.get("/", shown);
  const { browser, errors } = await listen(app);
  const { status, json } = await browser()("/");
  return { status, json, errors };
}

describe.each<SessionHost>([plain, compat])("sessions $name", (host) => {
  it.each([
    ["express-session", theirs],
    ["cookie-session", inCookie],
  ])("behind %s: an error that says so, and an answer", async (_name, other) => {
    const { status, json } = await asked(other(), host.session());
    expect({ status, json }).toEqual({
      status: 500,
      json: {
        code: "session/name-taken",
        message: expect.stringMatching(
          /^request\.session is taken.*express-session, cookie-session or koa-session/,
        ),
      },
    });
  });

  it.each<[string, { given: RequestHandler }]>([
    ["cookie-session, which defines the property anew", { given: inCookie() }],
    [
      "what assigns a session of its own",
      {
        given: (request, _response, next) => {
          Object.assign(request, { session: { user: "theirs" } });
          next();
        },
      },
    ],
  ])("before %s: an error that says so, in the place of the answer", async (_name, { given }) => {
    const { status, json, errors } = await asked(host.session(), given);
    expect({ status, json }).toMatchObject({ status: 500, json: { code: "session/name-taken" } });
    expect(errors).toMatchObject([{ message: expect.stringMatching(/^request\.session is taken/) }]);
  });

  it("before express-session: it sees that there is a session, and stands aside", async () => {
    const ours: RequestHandler = (request, _response, next) => {
      Object.assign(request.session, { user: "ada" });
      next();
    };
    expect(await asked(host.session(), theirs(), ours)).toEqual({ status: 200, json: "ada", errors: [] });
  });

  it("twice: there is one session for each request", async () => {
    const seen: unknown[] = [];
    const look: RequestHandler = (request, _response, next) => {
      seen.push(request.session);
      next();
    };
    await asked(host.session(), look, host.session(), look);
    expect(seen[0]).toBe(seen[1]);
  });
});

it("sessions of a kind have a place of their own beside express-session's", async () => {
  const ours: RequestHandler = (request, response) => {
    response.json([typeof Reflect.get(request, "visitorSession").$id, typeof request.session.regenerate]);
  };
  const app = express();
  app.use(theirs(), named.session());
  app.get("/", ours);
  const { browser } = await listen(app);
  expect((await browser()("/")).json).toEqual(["string", "function"]);
});

describe("middleware written for express-session over glue without compat", () => {
  it("passport: login fails, and says what to do", async () => {
    const app = express();
    app.use(plain.session(), passport.initialize());
    app.get("/", (request, response, next) => {
      request.login({ id: "ada" } as never, (error) => (error ? next(error) : response.json("in")));
    });
    const { browser, errors } = await listen(app);
    expect(await browser()("/")).toMatchObject({ status: 500, json: { code: "session/no-compat" } });
    expect(errors).toMatchObject([{ fix: expect.stringContaining('compat: "express-session"') }]);
  });

  it("what assigns an unknown field: the field is named", async () => {
    const app = express();
    app.use(plain.session());
    app.get("/", (request, response) => {
      Object.assign(request.session, { csrfSecret: "s" });
      response.json("unreachable");
    });
    const { browser } = await listen(app);
    expect(await browser()("/")).toMatchObject({
      status: 500,
      json: { code: "field/unknown", message: expect.stringContaining('"csrfSecret"') },
    });
  });
});

describe("with compat, without a bag", () => {
  const bare = emitted(
    "bare",
    "user: z.string().optional()",
    '{ name: "express", compat: "express-session" }',
  );
  const failing = async (change: (session: Record<string, never>) => void) => {
    const app = express();
    app.use(bare.session());
    app.get("/", (request, response) => {
      change(request.session as never);
      response.json("unreachable");
    });
    return (await (await listen(app)).browser()("/")).json;
  };

  it.each<[string, { given: (session: Record<string, never>) => void; want: object }]>([
    [
      "a field that no schema names",
      {
        given: (session) => Object.assign(session, { flash: {} }),
        want: {
          code: "field/unknown",
          message: expect.stringMatching(/"flash".* needs a bag beside compat/),
        },
      },
    ],
    [
      "a value that the schema forbids",
      {
        given: (session) => Object.assign(session, { user: 1 }),
        want: { code: "field/invalid", message: expect.stringContaining("session.user") },
      },
    ],
    [
      "a maxAge that is not the config's",
      {
        given: (session) => Object.assign(session["cookie"] ?? {}, { maxAge: 5000 }),
        want: { code: "session/fixed-cookie", message: expect.stringContaining("5000 ms") },
      },
    ],
    [
      "another setting of the cookie",
      {
        given: (session) => Object.assign(session["cookie"] ?? {}, { path: "/shop" }),
        want: { code: "session/fixed-cookie", message: expect.stringContaining("cookie.path") },
      },
    ],
    [
      "another id",
      {
        given: (session) => Object.assign(session, { id: "another" }),
        want: { code: "field/unknown", message: expect.stringContaining('"id"') },
      },
    ],
  ])("%s is refused", async (_name, { given, want }) => {
    expect(await failing(given)).toEqual({ message: expect.any(String), ...want });
  });
});
