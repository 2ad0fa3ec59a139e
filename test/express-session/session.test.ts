import type { Express, Request, RequestHandler } from "express";
import { describe, expect, it } from "vitest";
import { type Browser, type Served, serve, sessionHosts } from "./hosts.js";

// What middleware does with a session of express-session's, done to one of those and to ours: both must give the same.

/** A session as code without types has it. */
// biome-ignore lint/suspicious/noExplicitAny: middleware written for express-session has no types of ours
type Session = any;

const sessionOf = (request: Request): Session => request.session;

/** Answers a path with what a function gives, after whatever the session calls back. */
function on(app: Express, path: string, answer: (session: Session, request: Request) => unknown): void {
  const handler: RequestHandler = async (request, response, next) => {
    try {
      response.json((await answer(sessionOf(request), request)) ?? null);
    } catch (error) {
      next(error);
    }
  };
  app.get(path, handler);
}

/** Calls a method that calls back. */
const called = (session: Session, method: string): Promise<void> =>
  new Promise((resolve, reject) => {
    session[method]((error: unknown) => (error ? reject(error) : resolve()));
  });

/** What nobody catches next; the runner of tests does not hear of it. */
function uncaught(): Promise<unknown> {
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  return new Promise((resolve) => {
    process.once("uncaughtException", (error) => {
      for (const listener of listeners) process.on("uncaughtException", listener);
      resolve(error);
    });
  });
}

interface Given {
  readonly routes: Readonly<Record<string, (session: Session, request: Request) => unknown>>;
  /** What the browser does, and what is seen of it. */
  readonly visit: (
    go: (path: string) => Promise<unknown>,
    browser: Browser,
    served: Served,
  ) => Promise<unknown>;
}

const login = {
  "/login": async (session: Session) => {
    session.user = "ada";
    session.items = ["tea"];
  },
  "/look": (session: Session) => ({ user: session.user, items: session.items }),
};

const cases: readonly (readonly [string, { given: Given; want: unknown }])[] = [
  [
    "keeps what is assigned, nested values included",
    {
      given: {
        routes: { ...login, "/more": (session) => void session.items.push("milk") },
        visit: async (go) => [await go("/login"), await go("/more"), await go("/look")],
      },
      want: [null, null, { user: "ada", items: ["tea", "milk"] }],
    },
  ],
  [
    "regenerate: another id, nothing in it; the object from before still shows what was there",
    {
      given: {
        routes: {
          ...login,
          "/regenerate": async (session, request) => {
            const id = request.sessionID;
            await called(session, "regenerate");
            const now = sessionOf(request);
            return {
              sameObject: now === session,
              sameId: now.id === id,
              ids: now.id === request.sessionID,
              before: [session.user, session.items],
              beforeId: session.id === id,
              now: [now.user, now.items],
            };
          },
        },
        visit: async (go) => [await go("/login"), await go("/regenerate"), await go("/look")],
      },
      want: [
        null,
        {
          sameObject: false,
          sameId: false,
          ids: true,
          before: ["ada", ["tea"]],
          beforeId: true,
          now: [null, null],
        },
        {},
      ],
    },
  ],
  [
    "regenerate: the old id is worthless",
    {
      given: {
        routes: {
          ...login,
          "/regenerate": async (session, request) => {
            await called(session, "regenerate");
            sessionOf(request).user = "grace";
          },
        },
        visit: async (go, browser, served) => {
          await go("/login");
          const old = await browser.cookie();
          await go("/regenerate");
          return [await go("/look"), (await browser.cookie()) === old, await served.steal(old, "/look")];
        },
      },
      want: [{ user: "grace" }, false, {}],
    },
  ],
  [
    "save: stored when it calls back",
    {
      given: {
        routes: {
          ...login,
          "/save": async (session, request) => {
            session.user = "ada";
            await called(session, "save");
            // What another request sees meanwhile.
            session.user = "nobody";
            await called(session, "reload");
            return sessionOf(request).user;
          },
        },
        visit: async (go) => [await go("/save"), await go("/look")],
      },
      want: ["ada", { user: "ada" }],
    },
  ],
  [
    "reload: what is stored, under the same id; of one that is not stored, an error",
    {
      given: {
        routes: {
          ...login,
          "/reload": async (session, request) => {
            const id = session.id;
            session.user = "changed";
            const error = await called(session, "reload").catch(({ message }) => message);
            const now = sessionOf(request);
            return [error ?? null, now.id === id, now.user === "changed"];
          },
        },
        visit: async (go) => [await go("/login"), await go("/reload"), await go("/look")],
      },
      want: [null, [null, true, false], { user: "ada", items: ["tea"] }],
    },
  ],
  [
    "reload: of what is not stored, an error",
    {
      given: {
        routes: { "/reload": (session) => called(session, "reload").catch(({ message }) => message) },
        visit: (go) => go("/reload"),
      },
      want: "failed to load session",
    },
  ],
  [
    "destroy: the request has none any more, nor has the next",
    {
      given: {
        routes: {
          ...login,
          "/logout": async (session, request) => {
            const done = called(session, "destroy");
            const gone = request.session === undefined;
            await done;
            return [gone, request.session === undefined, session.user];
          },
        },
        visit: async (go) => [await go("/login"), await go("/logout"), await go("/look")],
      },
      want: [null, [true, true, "ada"], {}],
    },
  ],
  [
    "sessionStore.generate: an empty one after destroy",
    {
      given: {
        routes: {
          ...login,
          "/anew": async (session, request) => {
            await called(session, "destroy");
            (request as Session).sessionStore.generate(request);
            const now = sessionOf(request);
            const before = now.user;
            now.user = "grace";
            return [before ?? null, now.id === request.sessionID];
          },
        },
        visit: async (go) => [await go("/login"), await go("/anew"), await go("/look")],
      },
      want: [null, [null, true], { user: "grace" }],
    },
  ],
  [
    "sessionStore.regenerate",
    {
      given: {
        routes: {
          ...login,
          "/anew": (_session, request) =>
            new Promise((resolve, reject) => {
              (request as Session).sessionStore.regenerate(request, (error: unknown) =>
                error ? reject(error) : resolve(sessionOf(request).user ?? null),
              );
            }),
        },
        visit: async (go) => [await go("/login"), await go("/anew"), await go("/look")],
      },
      want: [null, null, {}],
    },
  ],
  [
    "delete, in, Object.keys, Object.entries, spread, for-in",
    {
      given: {
        routes: {
          ...login,
          "/shape": (session) => {
            const names: string[] = [];
            for (const name in session) names.push(name);
            const own = ["user", "items", "cookie"];
            const before = [
              own.map((name) => name in session),
              own.map((name) => Object.hasOwn(session, name)),
              own.every((name) => names.includes(name) && Object.keys(session).includes(name)),
              Object.entries(session).find(([name]) => name === "user"),
              Object.keys({ ...session })
                .sort()
                .join() === names.sort().join(),
              ["save", "regenerate", "id"].map((name) => name in session && !names.includes(name)),
              "nothing" in session,
            ];
            const deleted = [delete session.user, delete session.nothing];
            return [before, deleted, "user" in session, session.user, Object.keys(session).includes("user")];
          },
        },
        visit: async (go) => [await go("/login"), await go("/shape"), await go("/look")],
      },
      want: [
        null,
        [
          [[true, true, true], [true, true, true], true, ["user", "ada"], true, [true, true, true], false],
          [true, true],
          false,
          null,
          false,
        ],
        { items: ["tea"] },
      ],
    },
  ],
  [
    "Object.assign from what was, as keepSessionInfo does",
    {
      given: {
        routes: {
          ...login,
          "/keep": async (session, request) => {
            await called(session, "regenerate");
            for (const name in session) sessionOf(request)[name] = session[name];
            sessionOf(request).items.push("milk");
          },
        },
        visit: async (go) => [await go("/login"), await go("/keep"), await go("/look")],
      },
      want: [null, null, { user: "ada", items: ["tea", "milk"] }],
    },
  ],
  [
    "touch and resetMaxAge give the session, to go on with",
    {
      given: {
        routes: { "/touch": (session) => [session.touch() === session, session.resetMaxAge() === session] },
        visit: (go) => go("/touch"),
      },
      want: [true, true],
    },
  ],
  [
    "save, destroy without a callback",
    {
      given: {
        routes: {
          ...login,
          "/save": (session) => {
            session.user = "ada";
            session.save();
          },
          "/destroy": (session) => session.destroy() === session,
        },
        visit: async (go) => [await go("/save"), await go("/look"), await go("/destroy"), await go("/look")],
      },
      want: [null, { user: "ada" }, true, {}],
    },
  ],
  [
    "cookie: as long as the browser, without more said",
    {
      given: {
        routes: {
          "/cookie": (session) => {
            const { maxAge, originalMaxAge, expires, path, httpOnly } = session.cookie;
            return { maxAge: maxAge ?? null, originalMaxAge, expires: expires ?? null, path, httpOnly };
          },
        },
        visit: (go) => go("/cookie"),
      },
      want: { maxAge: null, originalMaxAge: null, expires: null, path: "/", httpOnly: true },
    },
  ],
  [
    "cookie.maxAge: until then, also in the next request",
    {
      given: {
        routes: {
          ...login,
          "/remember": (session) => {
            session.user = "ada";
            session.cookie.maxAge = 3_600_000;
          },
          "/cookie": ({ cookie: { maxAge, originalMaxAge, expires } }) => [
            originalMaxAge,
            maxAge > 3_500_000 && maxAge <= 3_600_000,
            expires instanceof Date,
          ],
          "/forget": (session) => {
            session.user = "grace";
            session.cookie.expires = false;
          },
          "/forgotten": ({ cookie: { maxAge } }) => maxAge || null,
        },
        visit: async (go, { jar }) => {
          await go("/remember");
          const [cookie] = await jar.getCookies("http://127.0.0.1/");
          const left = cookie?.TTL() ?? 0;
          const seen = await go("/cookie");
          await go("/forget");
          return [left > 3_500_000 && left <= 3_600_000, seen, await go("/forgotten"), await go("/look")];
        },
      },
      want: [true, [3_600_000, true, true], null, { user: "grace" }],
    },
  ],
  [
    "cookie.maxAge that is none",
    {
      given: {
        routes: {
          "/set": (session) => {
            session.cookie.maxAge = "an hour";
          },
        },
        visit: (go) => go("/set"),
      },
      want: { message: "maxAge must be a number or Date" },
    },
  ],
  [
    "request.session = null: nothing of this request is saved",
    {
      given: {
        routes: {
          ...login,
          "/null": (session, request) => {
            session.user = "nobody";
            (request as Session).session = null;
            return request.session ?? null;
          },
        },
        visit: async (go) => [await go("/login"), await go("/null"), await go("/look")],
      },
      want: [null, null, { user: "ada", items: ["tea"] }],
    },
  ],
  [
    "a method may be put in the place of another",
    {
      given: {
        routes: {
          "/wrap": async (session) => {
            const { save } = session;
            let saved = 0;
            session.user = "ada";
            session.save = function (...given: unknown[]) {
              saved += 1;
              return save.apply(this, given);
            };
            await called(session, "save");
            return saved;
          },
          "/look": (session) => session.user,
        },
        visit: async (go) => [await go("/wrap"), await go("/look")],
      },
      want: [1, "ada"],
    },
  ],
  [
    "what a callback throws is its own: nobody calls it twice",
    {
      given: {
        routes: {
          "/throw": async (session) => {
            session.user = "ada";
            let calls = 0;
            const thrown = uncaught();
            session.save(() => {
              calls += 1;
              throw new Error("the callback's own");
            });
            return [((await thrown) as Error).message, calls];
          },
        },
        visit: (go) => go("/throw"),
      },
      want: ["the callback's own", 1],
    },
  ],
];

describe.each(sessionHosts())("a session of $name", (host) => {
  it.each(cases)("%s", async (_name, { given: { routes, visit }, want }) => {
    const served = await serve(host, (app) => {
      for (const [path, answer] of Object.entries(routes)) on(app, path, answer);
    });
    const one = served.browser();
    expect(await visit(async (path) => (await one(path)).json, one, served)).toEqual(want);
  });
});

describe.each(sessionHosts("bag"))("with any field, a session of $name", (host) => {
  it("keeps what no schema names", async () => {
    const { browser } = await serve(host, (app) => {
      on(app, "/set", (session) => {
        session.whatever = { deep: [1] };
        session.gone = true;
      });
      on(app, "/change", (session) => {
        session.whatever.deep.push(2);
        delete session.gone;
      });
      on(app, "/look", (session) => [
        session.whatever,
        "gone" in session,
        Object.keys(session).includes("whatever"),
      ]);
      on(app, "/regenerate", async (session, request) => {
        await called(session, "regenerate");
        sessionOf(request).count = 1;
        return [session.whatever, sessionOf(request).whatever ?? null];
      });
    });
    const one = browser();
    await one("/set");
    await one("/change");
    expect((await one("/look")).json).toEqual([{ deep: [1, 2] }, false, true]);
    expect((await one("/regenerate")).json).toEqual([{ deep: [1, 2] }, null]);
    expect((await one("/look")).json).toEqual([null, false, false]);
  });

  it("cookie.maxAge may be each session's own", async () => {
    const { browser } = await serve(host, (app) => {
      on(app, "/remember", (session) => {
        session.user = "ada";
        session.cookie.maxAge = 600_000;
      });
      on(app, "/cookie", ({ cookie: { maxAge, originalMaxAge } }) => [
        originalMaxAge,
        maxAge > 500_000 && maxAge <= 600_000,
      ]);
    });
    const one = browser();
    await one("/remember");
    const [cookie] = await one.jar.getCookies("http://127.0.0.1/");
    expect(cookie?.TTL()).toBeGreaterThan(500_000);
    expect(cookie?.TTL()).toBeLessThanOrEqual(600_000);
    expect((await one("/cookie")).json).toEqual([600_000, true]);
  });
});
