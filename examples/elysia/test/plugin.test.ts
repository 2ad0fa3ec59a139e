import { SessionError } from "@sessgen/runtime";
import { Elysia } from "elysia";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { enterFolder, type Folder } from "../../../test/frameworks/folder.js";
import { withoutStore } from "../../../test/frameworks/without-store.js";
import { SessionFailure, session } from "../src/session/elysia.js";
import { sessions } from "../src/session/index.js";

let folder: Folder;
beforeAll(async () => {
  folder = await enterFolder(import.meta.url);
});
afterAll(async () => {
  await sessions.close();
  folder.leave();
});

const visiting = () =>
  new Elysia().use(session()).get("/", ({ session }) => {
    session.visits += 1;
    return { visits: session.visits };
  });

const get = (path = "/", cookie = "") => new Request(`http://localhost${path}`, { headers: { cookie } });
const cookieOf = (response: Response) => response.headers.getSetCookie()[0]?.split(";")[0] ?? "";

describe("the plugin", () => {
  it("works with app.handle", async () => {
    const app = visiting();
    const first = await app.handle(get());
    expect(await first.json()).toEqual({ visits: 1 });
    expect(await (await app.handle(get("/", cookieOf(first)))).json()).toEqual({ visits: 2 });
  });

  it("opens one session where plugins of an application use it, too", async () => {
    const child = new Elysia({ prefix: "/child" }).use(session()).get("/", ({ session }) => {
      session.visits += 1;
      return { visits: session.visits };
    });
    const app = new Elysia().use(session()).use(child).use(session());
    const first = await app.handle(get("/child"));
    expect(first.headers.getSetCookie()).toHaveLength(1);
    expect(await (await app.handle(get("/child", cookieOf(first)))).json()).toEqual({ visits: 2 });
  });

  const theirs = { user: "theirs" };
  // The compiler would see that both have the name.
  const ours = () => session() as unknown as Elysia;
  it.each<[string, { given: () => { handle(request: Request): Promise<Response> } }]>([
    [
      "what decorates the application",
      {
        given: () =>
          new Elysia()
            .decorate("session", theirs)
            .use(ours())
            .get("/", () => "unseen"),
      },
    ],
    [
      "what derives before it",
      {
        given: () =>
          new Elysia()
            .derive(() => ({ session: theirs }))
            .use(ours())
            .get("/", () => "unseen"),
      },
    ],
    [
      "what derives behind it",
      {
        given: () =>
          new Elysia()
            .use(ours())
            .derive(() => ({ session: theirs }))
            .get("/", () => "unseen"),
      },
    ],
    [
      "what resolves",
      {
        given: () =>
          new Elysia()
            .use(ours())
            .resolve(() => ({ session: theirs }))
            .get("/", () => "unseen"),
      },
    ],
  ])("refuses to share its place with %s", async (_name, { given }) => {
    const response = await given().handle(get());
    expect(response.status).toBe(500);
    expect(await response.text()).toMatch(/^session is taken: .*\[session\/name-taken\]$/);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it("answers a commit that failed with its status, in place of what the handler had answered", async () => {
    await withoutStore(folder.database, async () => {
      const response = await visiting().handle(get());
      expect(response.status).toBe(503);
      expect(await response.text()).toBe("The session could not be opened or saved.");
      expect(response.headers.getSetCookie()).toEqual([]);
    });
  });

  it.each([
    ["saved", async () => ""],
    ["opened", async () => cookieOf(await visiting().handle(get()))],
  ])("tells onError of a session that could not be %s, with its cause", async (_, cookieBefore) => {
    const cookie = await cookieBefore();
    const errors: unknown[] = [];
    const app = new Elysia()
      .onError(({ code, error, status }) => {
        errors.push([code, error]);
        return status(503, "later");
      })
      .use(visiting());
    await withoutStore(folder.database, async () => {
      const answer = await app.handle(get("/", cookie));
      expect([answer.status, await answer.text()]).toEqual([503, "later"]);
      expect(answer.headers.getSetCookie()).toEqual([]);
    });
    expect(errors).toEqual([["SessionFailure", expect.any(SessionFailure)]]);
    const [[, error]] = errors as [[unknown, Error]];
    expect(error.cause).toBeInstanceOf(SessionError);
    expect(error).toMatchObject({ status: 503, cause: { code: "store/not-migrated" } });
  });

  it("answers what is written too late for onError, and is not saved, with its status", async () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => {});
    const app = new Elysia()
      .use(session())
      .mapResponse(({ session }) => {
        session.visits += 1;
      })
      .get("/", () => "ok");
    await withoutStore(folder.database, async () => {
      const response = await app.handle(get());
      expect([response.status, await response.text()]).toEqual([503, ""]);
    });
    expect(told.mock.calls).toEqual([[expect.any(SessionFailure)]]);
    told.mockRestore();
  });

  it("keeps the headers and cookies that others have set", async () => {
    const app = new Elysia().use(session()).get("/", ({ cookie, session, set }) => {
      session.visits += 1;
      cookie["inner"]?.set({ value: "1" });
      set.headers.vary = "Accept";
      set.headers["x-inner"] = "1";
      return "ok";
    });
    const { headers } = await app.handle(get());
    expect(headers.get("x-inner")).toBe("1");
    expect(headers.get("vary")).toBe("Accept, Cookie");
    const names = headers.getSetCookie().map((cookie) => cookie.split("=")[0]);
    expect(names).toEqual(["inner", expect.stringMatching(/session$/)]);
  });

  it("sets no cookie where there is no route", async () => {
    const missing = await visiting().handle(get("/missing"));
    expect([missing.status, missing.headers.getSetCookie()]).toEqual([404, []]);
  });

  it("says so where Elysia compiles nothing", async () => {
    const app = new Elysia({ aot: false }).use(session()).get("/", ({ session }) => session.visits);
    const response = await app.handle(get());
    expect([response.status, await response.text()]).toEqual([500, expect.stringContaining("aot: false")]);
  });

  it("skips who is to have no session", async () => {
    const app = new Elysia()
      .use(session({ skip: ({ url }) => url.endsWith("/health") }))
      .get("*", ({ session }) => ({ disabled: session.$isDisabled }));
    expect(await (await app.handle(get("/health"))).json()).toEqual({ disabled: true });
    expect(await (await app.handle(get())).json()).toEqual({ disabled: false });
  });
});
