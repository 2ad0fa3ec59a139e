import { useSession } from "@hono/session";
import { SessionError } from "@sessgen/runtime";
import { Hono, type MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enterFolder, type Folder } from "../../../test/frameworks/folder.js";
import { withoutStore } from "../../../test/frameworks/without-store.js";
import { type SessionEnv, session } from "../src/session/hono.js";
import { sessions } from "../src/session/index.js";

let folder: Folder;
beforeAll(async () => {
  folder = await enterFolder(import.meta.url);
});
afterAll(async () => {
  await sessions.close();
  folder.leave();
});

const visiting = (): Hono<SessionEnv> =>
  new Hono<SessionEnv>().use(session()).get("/", (context) => {
    context.var.session.visits += 1;
    return context.json({ visits: context.var.session.visits });
  });

describe("the middleware", () => {
  it("works with app.request", async () => {
    const app = visiting();
    const first = await app.request("/");
    expect(await first.json()).toEqual({ visits: 1 });
    const [cookie = ""] = first.headers.getSetCookie();
    const [pair = ""] = cookie.split(";");
    expect(await (await app.request("/", { headers: { cookie: pair } })).json()).toEqual({ visits: 2 });
  });

  it.each<[string, { given: (theirs: MiddlewareHandler) => Hono<SessionEnv> }]>([
    ["before", { given: (theirs) => new Hono<SessionEnv>().use(theirs, session()) }],
    ["behind", { given: (theirs) => new Hono<SessionEnv>().use(session(), theirs) }],
  ])("refuses a place that @hono/session has, mounted %s it", async (_name, { given }) => {
    const errors: unknown[] = [];
    const app = given(useSession({ secret: "a secret of these tests alone, long enough" }))
      .get("/", (context) => context.text("unseen"))
      .onError((error, context) => {
        errors.push(error);
        return context.text("failed", 500);
      });
    const response = await app.request("/");
    expect([response.status, await response.text()]).toEqual([500, "failed"]);
    expect(errors).toMatchObject([
      { code: "session/name-taken", message: expect.stringMatching(/^context\.var\.session is taken/) },
    ]);
  });

  it("opens one session where it is mounted for a part of the application, too", async () => {
    const part = new Hono<SessionEnv>().use(session()).get("/", (context) => {
      context.var.session.visits += 1;
      return context.json({ visits: context.var.session.visits });
    });
    const app = new Hono<SessionEnv>()
      .use(session())
      .use((context, next) => {
        context.var.session.visits += 1;
        return next();
      })
      .route("/part", part);
    const response = await app.request("/part");
    expect(response.headers.getSetCookie()).toHaveLength(1);
    expect(await response.json()).toEqual({ visits: 2 });
  });

  it("answers a commit that failed with its status, in place of what the handler had answered", async () => {
    await withoutStore(folder.database, async () => {
      const response = await visiting().request("/");
      expect(response.status).toBe(503);
      expect(await response.text()).not.toContain("visits");
      expect(response.headers.getSetCookie()).toEqual([]);
    });
  });

  it("hands it to onError, with its cause", async () => {
    const errors: unknown[] = [];
    const app = visiting().onError((error, context) => {
      errors.push(error);
      return context.text("later", 503);
    });
    await withoutStore(folder.database, async () =>
      expect(await (await app.request("/")).text()).toBe("later"),
    );
    expect(errors).toEqual([expect.any(HTTPException)]);
    expect((errors[0] as Error).cause).toBeInstanceOf(SessionError);
    expect(errors[0]).toMatchObject({ status: 503, cause: { code: "store/not-migrated" } });
  });

  it("keeps the headers and cookies that others have set", async () => {
    const app = new Hono<SessionEnv>()
      .use(async (context, next) => {
        context.header("x-outer", "1");
        context.header("set-cookie", "outer=1", { append: true });
        await next();
        context.header("x-late", "1");
      })
      .use(session())
      .get("/", (context) => {
        context.var.session.visits += 1;
        context.header("set-cookie", "inner=1", { append: true });
        context.header("vary", "Accept");
        return context.text("ok");
      });
    const { headers } = await app.request("/");
    expect([headers.get("x-outer"), headers.get("x-late")]).toEqual(["1", "1"]);
    expect(headers.get("vary")).toBe("Accept, Cookie");
    expect(headers.getSetCookie().map((cookie) => cookie.split("=")[0])).toEqual([
      "outer",
      "inner",
      expect.stringMatching(/session$/),
    ]);
  });

  it("skips who is to have no session", async () => {
    const app = new Hono<SessionEnv>()
      .use(session({ skip: (context) => context.req.path === "/health" }))
      .get("*", (context) => context.json({ disabled: context.var.session.$isDisabled }));
    expect(await (await app.request("/health")).json()).toEqual({ disabled: true });
    expect(await (await app.request("/")).json()).toEqual({ disabled: false });
  });
});
