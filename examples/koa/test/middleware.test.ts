import { once } from "node:events";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import Koa from "koa";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { clientsOf } from "../../../test/frameworks/client.js";
import { enterFolder, type Folder } from "../../../test/frameworks/folder.js";
import { withoutStore } from "../../../test/frameworks/without-store.js";
import { sessions } from "../src/session/index.js";
import { session } from "../src/session/koa.js";

let folder: Folder;
beforeAll(async () => {
  folder = await enterFolder(import.meta.url);
});
afterAll(async () => {
  await sessions.close();
  folder.leave();
});

/** Serves these middleware; gives back a client, and the errors that the application is told of. */
async function serve(...middleware: readonly Koa.Middleware[]) {
  return serveApp(new Koa(), ...middleware);
}

async function serveApp(app: Koa, ...middleware: readonly Koa.Middleware[]) {
  const errors: unknown[] = [];
  app.on("error", (error) => errors.push(error));
  for (const one of middleware) app.use(one);
  const server = app.listen(0, "localhost");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  onTestFinished(() => server.closeAllConnections());
  const client = clientsOf(`http://localhost:${(server.address() as AddressInfo).port}`)();
  return { errors, client };
}

const visit: Koa.Middleware = (context) => {
  context.session.visits += 1;
  context.set("location", "/elsewhere");
  context.body = { visits: context.session.visits };
};

// Not by `import`: its types would give every context of this program its session.
const { createSession } = createRequire(import.meta.url)("koa-session") as {
  createSession(options: object, app: Koa): Koa.Middleware;
};

describe("the middleware", () => {
  it.each([
    ["before", (app: Koa) => [createSession({ signed: false }, app), session()]],
    ["behind", (app: Koa) => [session(), createSession({ signed: false }, app)]],
  ])("refuses a place that koa-session has, mounted %s it", async (_name, both) => {
    const app = new Koa();
    const { client, errors } = await serveApp(app, ...both(app), visit);
    const response = await client.send("/");
    expect([response.status, response.headers.getSetCookie()]).toEqual([500, []]);
    expect(errors).toMatchObject([{ code: "session/name-taken" }]);
  });

  it("saves what middleware around it writes afterwards", async () => {
    const { client } = await serve(
      async (context, next) => {
        await next();
        context.session.visits += 10;
      },
      session(),
      visit,
    );
    expect(await client.get("/")).toEqual({ visits: 1 });
    expect(await client.get("/")).toEqual({ visits: 12 });
  });

  it("tells the application of a commit that failed, by its error event, and the client of nothing else", async () => {
    const { client, errors } = await serve(session(), visit);
    await withoutStore(folder.database, async () => {
      const response = await client.send("/");
      expect(response.status).toBe(503);
      expect(await response.text()).toBe("Service Unavailable");
      expect(response.headers.has("location")).toBe(false);
    });
    expect(errors).toMatchObject([{ code: "store/not-migrated", status: 503 }]);
  });

  it("hands it to middleware that comes before, as it does other errors", async () => {
    const { client, errors } = await serve(
      async (context, next) => {
        try {
          await next();
        } catch (error) {
          context.status = 503;
          context.body = { code: (error as { code: string }).code };
        }
      },
      session(),
      visit,
    );
    await withoutStore(folder.database, async () => {
      const response = await client.send("/");
      expect([response.status, await response.json()]).toEqual([503, { code: "store/not-migrated" }]);
    });
    expect(errors).toEqual([]);
  });

  it("tells the application of one that failed late, when nobody was left to catch it", async () => {
    const { client, errors } = await serve(
      async (context, next) => {
        await next();
        context.session.visits += 1;
      },
      session(),
      (context) => {
        context.body = {};
      },
    );
    await withoutStore(folder.database, async () => expect((await client.send("/")).status).toBe(503));
    expect(errors).toMatchObject([{ code: "store/not-migrated" }]);
  });

  it("skips who is to have no session", async () => {
    const { client } = await serve(session({ skip: ({ path }) => path === "/health" }), (context) => {
      context.body = { disabled: context.session.$isDisabled };
    });
    expect(await client.get("/health")).toEqual({ disabled: true });
    expect(await client.get("/")).toEqual({ disabled: false });
  });
});
