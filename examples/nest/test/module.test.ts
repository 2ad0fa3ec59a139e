import { type INestApplication, type LoggerService, RequestMethod } from "@nestjs/common";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { Test } from "@nestjs/testing";
import { SessionError, SessionFieldError } from "@sessgen/runtime";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { enterFolder, type Folder } from "../../../test/frameworks/folder.js";
import { withoutStore } from "../../../test/frameworks/without-store.js";
import { sessions } from "../src/session/index";
import { SessionModule, type SessionModuleOptions } from "../src/session/nest";
import { type Caught, LaterFilter, Routes } from "./module-routes";

let folder: Folder;
beforeAll(async () => {
  folder = await enterFolder(import.meta.url);
});
afterAll(async () => {
  await sessions.close();
  folder.leave();
});

describe.each([
  ["Express", () => new ExpressAdapter()],
  ["Fastify", () => new FastifyAdapter()],
] as const)("the module, on %s", (name, adapter) => {
  const imports = (options?: SessionModuleOptions) => [SessionModule.forRoot(options)];

  /** An application that listens, a client of it with one session, and what is logged. */
  async function application(modules = imports(), prepare: (app: INestApplication) => unknown = () => {}) {
    const logged: unknown[] = [];
    const silent = () => {};
    const logger: LoggerService = { log: silent, warn: silent, error: (error) => logged.push(error) };
    const built = await Test.createTestingModule({ imports: modules, controllers: [Routes] }).compile();
    const app = built.createNestApplication(adapter(), { logger });
    prepare(app);
    await app.listen(0);
    onTestFinished(() => app.close());
    let cookie = "";
    const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
      const headers = { cookie, "content-type": "application/json" };
      const url = `http://localhost:${app.getHttpServer().address().port}${path}`;
      const response = await fetch(url, { headers, ...init });
      cookie = response.headers.getSetCookie()[0]?.split(";", 1)[0] ?? cookie;
      return response;
    };
    const get = async (path: string) => (await send(path)).json();
    const post = (path: string, body: object = {}) =>
      send(path, { method: "POST", body: JSON.stringify(body) });
    return { send, get, post, logged };
  }

  it("gives handlers the session, or a field of it", async () => {
    const { get } = await application();
    expect(await get("/")).toEqual({ cart: [], visits: 1 });
    expect(await get("/")).toEqual({ cart: [], visits: 2 });
    expect(await get("/field")).toEqual({ visits: 2 });
  });

  it("has sessions under a global prefix, and beside it", async () => {
    const { get } = await application(imports(), (app) =>
      app.setGlobalPrefix("api", { exclude: [{ path: "field", method: RequestMethod.GET }] }),
    );
    expect(await get("/api")).toMatchObject({ visits: 1 });
    expect(await get("/field")).toEqual({ visits: 1 });
  });

  it("skips who is to have no session", async () => {
    const { send } = await application(imports({ skip: ({ originalUrl }) => originalUrl === "/health" }));
    const response = await send("/health");
    expect(await response.json()).toEqual({ disabled: true });
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it("answers 401 where there is no such field, by the guard and by the parameter", async () => {
    const { send, get, post } = await application();
    for (const path of ["/guarded", "/required"]) {
      const response = await send(path);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ message: "Unauthorized", statusCode: 401 });
    }
    expect((await post("/login")).status).toBe(201);
    for (const path of ["/guarded", "/required"]) expect(await get(path)).toEqual({ name: "Ada" });
  });

  it("saves what exception filters write, and events after", async () => {
    const { send, get } = await application();
    expect((await send("/missing")).status).toBe(404);
    expect(await get("/field")).toEqual({ visits: 1 });
    expect(await (await send("/events")).text()).toContain("data: second");
    expect(await get("/field")).toEqual({ visits: 2 });
  });

  it("answers the client's mistakes with 400, and the application's with 500", async () => {
    const { get, post, logged } = await application();
    const item = { sku: "pen", quantity: -1 };
    const accepted = await post("/accept", item);
    expect(accepted.status).toBe(400);
    const message = expect.stringContaining("session.cart[0].quantity must be");
    expect(await accepted.json()).toEqual({ statusCode: 400, message });
    expect(logged).toEqual([]);
    const pushed = await post("/push", item);
    expect(pushed.status).toBe(500);
    expect(await pushed.json()).toEqual({ statusCode: 500, message: "Internal server error" });
    expect(logged).toEqual([expect.any(SessionFieldError)]);
    expect(await get("/")).toEqual({ cart: [], visits: 1 });
  });

  it("answers 503 without a store, and says so to the logger", async () => {
    const { send, get, logged } = await application();
    await get("/");
    await withoutStore(folder.database, async () => {
      for (const init of [{}, { headers: {} }]) {
        const response = await send("/", init);
        expect(response.status).toBe(503);
        expect(await response.json()).toEqual({ statusCode: 503, message: "Service Unavailable" });
        expect(response.headers.getSetCookie()).toEqual([]);
      }
    });
    expect(logged).toMatchObject([{ code: "store/not-migrated" }, { code: "store/not-migrated" }]);
    expect(logged[0]).toBeInstanceOf(SessionError);
    expect(await get("/")).toMatchObject({ visits: 2 });
  });

  it("hands what could not be opened or saved to exception filters, with its status and cause", async () => {
    const caught: Caught[] = [];
    const { send, get } = await application(imports(), (app) =>
      app.useGlobalFilters(new LaterFilter(app.getHttpAdapter(), caught)),
    );
    await get("/");
    await withoutStore(folder.database, async () => {
      for (const init of [{}, { headers: {} }])
        expect(await (await send("/", init)).json()).toEqual({ statusCode: 503, message: "Later" });
      expect(caught).toEqual(Array(2).fill([503, "store/not-migrated"]));
      // Fastify answers this one by itself: nobody is left but the logger.
      const own = await send("/own-answer", { headers: {} });
      const text = await own.text();
      expect([own.status, own.headers.getSetCookie()]).toEqual([503, []]);
      expect(text).toBe(name === "Express" ? JSON.stringify({ statusCode: 503, message: "Later" }) : "");
      expect(caught).toHaveLength(name === "Express" ? 3 : 2);
    });
  });

  it("tells who has not imported it", async () => {
    const { send, logged } = await application([]);
    expect((await send("/")).status).toBe(500);
    expect(logged).toEqual([new Error("There is no session: import SessionModule.forRoot()")]);
  });
});
