import { SessionError } from "@sessgen/runtime";
import { H3, HTTPError, type Middleware, onResponse, useSession } from "h3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enterFolder, type Folder } from "../../../test/frameworks/folder.js";
import { withoutStore } from "../../../test/frameworks/without-store.js";
import { session } from "../src/session/h3.js";
import { sessions } from "../src/session/index.js";

let folder: Folder;
beforeAll(async () => {
  folder = await enterFolder(import.meta.url);
});
afterAll(async () => {
  await sessions.close();
  folder.leave();
});

const visiting = (app = new H3({ silent: true })): H3 =>
  app.use(session()).get("/", ({ context }) => {
    context.session.visits += 1;
    return { visits: context.session.visits };
  });

const refused: HTTPError[] = [];
const onError = (error: HTTPError): void => void refused.push(error);

const cookieOf = ({ headers }: Response): string => headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";

describe("the middleware", () => {
  it("works with app.request", async () => {
    const app = visiting();
    const first = await app.request("/");
    expect(await first.json()).toEqual({ visits: 1 });
    const again = await app.request("/", { headers: { cookie: cookieOf(first) } });
    expect(await again.json()).toEqual({ visits: 2 });
  });

  it.each<[string, { given: (theirs: Middleware) => H3 }]>([
    ["before", { given: (theirs) => new H3({ silent: true, onError }).use(theirs).use(session()) }],
    ["behind", { given: (theirs) => new H3({ silent: true, onError }).use(session()).use(theirs) }],
  ])("refuses a place where something else is, mounted %s it", async (_name, { given }) => {
    refused.length = 0;
    const app = given((event) => void Object.assign(event.context, { session: { user: "theirs" } }));
    const response = await app.get("/", () => "unseen").request("/");
    expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining("unseen")]);
    expect(refused).toMatchObject([
      {
        cause: {
          code: "session/name-taken",
          message: expect.stringMatching(/^event\.context\.session is taken/),
        },
      },
    ]);
  });

  it("has a place of its own beside h3's useSession", async () => {
    const app = new H3({ silent: true }).use(session()).get("/", async (event) => {
      const theirs = await useSession(event, { password: "a password of these tests alone, long enough" });
      await theirs.update({ user: "theirs" });
      event.context.session.visits += 1;
      return { theirs: theirs.data, visits: event.context.session.visits };
    });
    const response = await app.request("/");
    expect(await response.json()).toEqual({ theirs: { user: "theirs" }, visits: 1 });
    expect(response.headers.getSetCookie()).toHaveLength(2);
  });

  it("answers a commit that failed with its status, in place of what the handler had answered", async () => {
    await withoutStore(folder.database, async () => {
      const response = await visiting().request("/");
      expect(response.status).toBe(503);
      // Neither what the handler had answered nor what is wrong with the store.
      expect(await response.text()).not.toMatch(/visits|SQLite/);
      expect(response.headers.getSetCookie()).toEqual([]);
    });
  });

  it("hands it to onError, with its cause", async () => {
    const errors: HTTPError[] = [];
    const app = visiting(
      new H3({
        silent: true,
        onError: (error) => {
          errors.push(error);
          return new Response("later", { status: 503 });
        },
      }),
    );
    await withoutStore(folder.database, async () =>
      expect(await (await app.request("/")).text()).toBe("later"),
    );
    expect(errors).toEqual([expect.any(HTTPError)]);
    expect(errors[0]?.cause).toBeInstanceOf(SessionError);
    expect(errors[0]).toMatchObject({ status: 503, cause: { code: "store/not-migrated" } });
  });

  it("has onError asked once for what a handler throws, and saves what was written, whatever it answers", async () => {
    const errors: HTTPError[] = [];
    const app = visiting(
      new H3({
        silent: true,
        onError: (error) => {
          errors.push(error);
          return new Response("failed", { status: error.status });
        },
      }),
    ).get("/error", ({ context }) => {
      context.session.visits += 1;
      throw HTTPError.status(418);
    });
    const failed = await app.request("/error");
    expect([failed.status, await failed.text()]).toEqual([418, "failed"]);
    expect(errors).toHaveLength(1);
    const again = await app.request("/", { headers: { cookie: cookieOf(failed) } });
    expect(await again.json()).toEqual({ visits: 2 });
  });

  it("answers a client's mistake with 400, and says what it was", async () => {
    const app = visiting().get("/bad", ({ context: { session } }) =>
      session.$accept(() => {
        session.cart.push({ sku: "tea", quantity: -1 });
      }),
    );
    const response = await app.request("/bad");
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining("cart") });
  });

  it("answers what has no route as h3 does", async () => {
    const response = await visiting().request("/nowhere");
    expect([response.status, await response.json()]).toEqual([404, expect.objectContaining({ status: 404 })]);
  });

  it("shows onResponse the response that is sent, once", async () => {
    const seen: string[] = [];
    const hook = ({ headers }: Response): void => void seen.push(headers.getSetCookie().join());
    await visiting(new H3({ onResponse: hook })).request("/");
    await visiting(new H3().use(onResponse(hook))).request("/");
    expect(seen).toEqual([expect.stringMatching(/session=/), expect.stringMatching(/session=/)]);
  });

  it("keeps the headers and cookies that others have set", async () => {
    const app = new H3()
      .use(async ({ res }, next) => {
        res.headers.set("x-outer", "1");
        res.headers.append("set-cookie", "outer=1");
        return next();
      })
      .use(session())
      .get("/", ({ context, res }) => {
        context.session.visits += 1;
        res.headers.append("set-cookie", "inner=1");
        res.headers.set("vary", "Accept");
        return "ok";
      });
    const { headers } = await app.request("/");
    expect(headers.get("x-outer")).toBe("1");
    expect(headers.get("vary")).toBe("Accept, Cookie");
    expect(headers.getSetCookie().map((cookie) => cookie.split("=")[0])).toEqual([
      "outer",
      "inner",
      expect.stringMatching(/session$/),
    ]);
  });

  it("gives a request of the application to itself the session of the one that it answers", async () => {
    const app: H3 = visiting().get("/twice", async ({ context }) => {
      context.session.visits += 1;
      const inner = await app.request("/", {}, context);
      return { inner: await inner.json(), cookies: inner.headers.getSetCookie() };
    });
    const outer = await app.request("/twice");
    expect(await outer.json()).toEqual({ inner: { visits: 2 }, cookies: [] });
    expect(outer.headers.getSetCookie()).toHaveLength(1);
  });

  it("skips who is to have no session", async () => {
    const app = new H3()
      .use(session({ skip: ({ url }) => url.pathname === "/health" }))
      .get("/**", ({ context }) => ({ disabled: context.session.$isDisabled }));
    expect(await (await app.request("/health")).json()).toEqual({ disabled: true });
    expect(await (await app.request("/")).json()).toEqual({ disabled: false });
  });
});
