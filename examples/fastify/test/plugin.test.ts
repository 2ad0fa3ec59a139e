import { Writable } from "node:stream";
import type { SessionError } from "@sessgen/runtime";
import fastify, { type FastifyInstance } from "fastify";
import fastifyPlugin from "fastify-plugin";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { enterFolder, type Folder } from "../../../test/frameworks/folder.js";
import { withoutStore } from "../../../test/frameworks/without-store.js";
import { session } from "../src/session/fastify.js";
import { sessions } from "../src/session/index.js";

let folder: Folder;
beforeAll(async () => {
  folder = await enterFolder(import.meta.url);
});
afterAll(async () => {
  await sessions.close();
  folder.leave();
});

/** An application, and what it logs. */
function application(): { app: FastifyInstance; logged: Record<string, unknown>[] } {
  const logged: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(line, _encoding, done) {
      logged.push(JSON.parse(String(line)));
      done();
    },
  });
  const app = fastify({ logger: { level: "error", stream } });
  onTestFinished(() => app.close());
  return { app, logged };
}

const visit = async ({ session }: { session: { visits: number } }): Promise<object> => {
  session.visits += 1;
  return { visits: session.visits };
};

describe("the plugin", () => {
  // As @fastify/session and @fastify/secure-session do.
  const other = fastifyPlugin(async (app: FastifyInstance) => void app.decorateRequest("session"));

  it.each([
    ["before", [other, session]],
    ["behind", [session, other]],
  ])("fails at start where another library has its place, registered %s it", async (_name, plugins) => {
    const { app } = application();
    for (const plugin of plugins) app.register(plugin);
    await expect(app.ready()).rejects.toThrow("The decorator 'session' has already been added!");
  });

  it("works with inject", async () => {
    const { app } = application();
    await app.register(session);
    app.get("/", visit);
    const first = await app.inject("/");
    expect(first.json()).toEqual({ visits: 1 });
    const [cookie] = first.cookies;
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
    const cookies = { [cookie?.name ?? ""]: cookie?.value ?? "" };
    expect((await app.inject({ url: "/", cookies })).json()).toEqual({ visits: 2 });
    expect((await app.inject("/")).json()).toEqual({ visits: 1 });
  });

  it("has sessions for the whole application, whatever is registered beside and inside", async () => {
    const { app } = application();
    app.register(session);
    app.register(async (child) => {
      child.get("/child", visit);
      child.register(async (grandchild) => void grandchild.get("/grandchild", visit));
    });
    for (const url of ["/child", "/grandchild"])
      expect((await app.inject(url)).json()).toEqual({ visits: 1 });
  });

  it("registered in a scope, has sessions for that one alone", async () => {
    const { app } = application();
    app.register(async (scope) => {
      await scope.register(session);
      scope.get("/inside", visit);
    });
    app.get("/outside", async (request) => ({ has: request.session !== undefined }));
    expect((await app.inject("/inside")).json()).toEqual({ visits: 1 });
    const outside = await app.inject("/outside");
    expect(outside.json()).toEqual({ has: false });
    expect(outside.headers).not.toHaveProperty("vary");
  });

  it("has the session for every hook that comes after it, and saves what they write", async () => {
    const { app } = application();
    const before: unknown[] = [];
    app.addHook("onRequest", async (request) => void before.push(request.session));
    await app.register(session);
    const hooks = ["onRequest", "preParsing", "preValidation", "preHandler", "preSerialization", "onSend"];
    for (const hook of hooks)
      app.addHook(hook as "onRequest", async (request) => {
        request.session.visits += 1;
      });
    app.get("/", async () => ({}));
    app.get("/visits", { onRequest: async ({ session }, reply) => reply.send(session.toJSON()) }, visit);
    const [cookie] = (await app.inject("/")).cookies;
    expect(before).toEqual([undefined]);
    const cookies = { [cookie?.name ?? ""]: cookie?.value ?? "" };
    // And once more by the first hook of this request, which the others do not get to see.
    const { visits } = (await app.inject({ url: "/visits", cookies })).json();
    expect(visits).toBe(hooks.length + 1);
  });

  it("skips who is to have no session", async () => {
    const { app } = application();
    await app.register(session, { skip: ({ url }) => url === "/health" });
    app.get("/health", async (request) => ({ disabled: request.session.$isDisabled }));
    const response = await app.inject("/health");
    expect(response.json()).toEqual({ disabled: true });
    expect(response.cookies).toEqual([]);
  });

  it("hands a commit that failed to the error handler and the logger", async () => {
    const { app, logged } = application();
    await app.register(session);
    app.get("/", visit);
    app.get(
      "/own",
      { errorHandler: (error, _request, reply) => reply.code(503).send((error as SessionError).code) },
      visit,
    );
    app.get("/raw", async (request, reply) => {
      request.session.visits += 1;
      reply.hijack();
      reply.raw.end("saved");
    });
    await withoutStore(folder.database, async () => {
      const response = await app.inject("/");
      expect(response.statusCode).toBe(503);
      expect(response.json()).toMatchObject({ code: "store/not-migrated", statusCode: 503 });
      expect(response.cookies).toEqual([]);
      expect((await app.inject("/own")).body).toBe("store/not-migrated");
      // No reply of Fastify's: nobody is left but the logger.
      const raw = await app.inject("/raw");
      expect([raw.statusCode, raw.body]).toEqual([503, ""]);
    });
    expect(logged).toMatchObject([
      { level: 50, err: { code: "store/not-migrated" }, reqId: "req-1" },
      { level: 50, err: { code: "store/not-migrated" }, reqId: "req-3" },
    ]);
  });

  it("refuses a request that has a session of another plugin's", async () => {
    const { app } = application();
    app.decorateRequest("session");
    await expect(app.register(session).ready()).rejects.toMatchObject({
      code: "FST_ERR_DEC_ALREADY_PRESENT",
    });
  });
});
