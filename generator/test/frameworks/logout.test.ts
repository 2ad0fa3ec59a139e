import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect, createServer as createProxy, type Socket } from "node:net";
import { pathToFileURL } from "node:url";
import makeFetchCookie from "fetch-cookie";
import { CookieJar } from "tough-cookie";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { serviceUrl } from "../../../services/client.js";
import { config, project } from "../support/project.js";

/** How a store is away: what is asked is not done, or it is, and the answer is lost. */
type Away = "before it was done" | "after it was done";

interface Proxy {
  readonly url: string;
  /** How it is to go away. */
  next: Away;
  away(): void;
  back(): void;
}

/** Stands between an application and its Redis. */
async function proxyTo(url: string): Promise<Proxy> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let how: Away | undefined;
  const server = createProxy((client) => {
    if (how === "before it was done") return void client.destroy();
    const upstream = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => {});
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    let greeted = false;
    client.on("data", (bytes) => void upstream.write(bytes));
    upstream.on("data", (bytes) => {
      // The answers that a client connects with, it gets; behind them none.
      if (how === undefined || !greeted) client.write(bytes);
      else client.destroy();
      greeted = true;
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = new URL(url);
  address.port = String((server.address() as AddressInfo).port);
  const proxy: Proxy = {
    url: address.href,
    next: "before it was done",
    away() {
      how = proxy.next;
      if (how === "before it was done") for (const socket of sockets) socket.destroy();
    },
    back() {
      how = undefined;
    },
  };
  return proxy;
}

const routes = {
  express: `import express, { type Express } from "express";
import { session } from "./session/express.js";

export function shop({ away, back }: Record<"away" | "back", () => void>): Express {
  const app = express();
  app.use(session());
  app.get("/", (request, response) => void response.json(request.session));
  app.post("/login", (request, response) => {
    request.session.user = "ada";
    response.end();
  });
  app.post("/logout", async (request, response) => {
    await request.session.$destroy();
    response.end();
  });
  app.post("/logout-without", async (request, response) => {
    away();
    await request.session.$destroy();
    response.end();
  });
  app.post("/logout-stubbornly", async (request, response) => {
    away();
    const code = await request.session.$destroy().then(() => "", (error) => error.code);
    back();
    await request.session.$destroy();
    response.json({ code });
  });
  return app;
}
`,
  fetch: `import { session } from "./session/fetch.js";

export function shop(store: Record<"away" | "back", () => void>): (request: Request) => Promise<Response> {
  return session(async (request, visitor) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/login") visitor.user = "ada";
    if (/-/.test(pathname)) store.away();
    if (/out(-without)?$/.test(pathname)) await visitor.$destroy();
    if (pathname !== "/logout-stubbornly") return Response.json(visitor);
    const code = await visitor.$destroy().then(() => "", (error) => error.code);
    store.back();
    await visitor.$destroy();
    return Response.json({ code });
  });
}
`,
};

const redis = await serviceUrl("redis");

/** Emits the glue, and serves an application on a Redis behind a proxy, to one browser. */
async function serve(framework: keyof typeof routes) {
  // Where there is no handler of errors, the glue says there what a request was refused for.
  vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => void vi.restoreAllMocks());
  const proxy = await proxyTo(redis);
  const user = project({
    "session.config.ts": config(
      "user: z.string().optional()",
      `backend: { kind: "redis", url: "${proxy.url}", prefix: "logout-${process.pid}:" }, frameworks: ["${framework}"], cookie: { secure: false, name: "session" }, fields: { user: { regenerate: "on-change" } }`,
    ),
    "src/app.ts": routes[framework],
  });
  expect(await user.run("--no-cache")).toMatchObject({ code: 0, err: "" });
  const { shop } = await import(pathToFileURL(`${user.root}/src/app.ts`).href);
  const { sessions } = await import(pathToFileURL(`${user.root}/src/session/index.ts`).href);
  const app = shop({ away: () => proxy.away(), back: () => proxy.back() });
  const server = createServer(framework === "express" ? app : served(app));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await sessions.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const jar = new CookieJar();
  const go = makeFetchCookie(fetch, jar);
  /** What a page shows, and what the browser has then. */
  const ask = async (path: string) => {
    const response = await go(`${origin}${path}`, { method: path === "/" ? "GET" : "POST" });
    const text = await response.text();
    const cookies = await jar.getCookies(origin);
    return {
      status: response.status,
      has: cookies.length > 0,
      body: response.ok && text ? JSON.parse(text) : {},
    };
  };
  return { proxy, ask };
}

/** Serves a `fetch` function: requests without bodies. */
function served(answer: (request: Request) => Promise<Response>): RequestListener {
  return async ({ url, method = "GET", headers }, response) => {
    const cookie = headers.cookie ?? "";
    const answered = await answer(
      new Request(`http://${headers.host}${url}`, { method, headers: { cookie } }),
    );
    response.setHeaders(answered.headers).writeHead(answered.status);
    response.end(await answered.text());
  };
}

describe.skipIf(redis === "").each(["express", "fetch"] as const)(
  "a logout that fails, with %s",
  (framework) => {
    it("before it was done leaves the cookie until the record is gone", async () => {
      const { proxy, ask } = await serve(framework);
      await ask("/login");
      proxy.next = "before it was done";
      expect(await ask("/logout-without")).toMatchObject({ status: 503, has: true });
      // Nor does one that cannot even open the session.
      expect(await ask("/logout")).toMatchObject({ status: 503, has: true });
      proxy.back();
      expect(await ask("/")).toEqual({ status: 200, has: true, body: { user: "ada" } });
      expect(await ask("/logout")).toMatchObject({ status: 200, has: false });
      expect(await ask("/")).toEqual({ status: 200, has: false, body: {} });
    });

    it("after it was done leaves a cookie that opens nothing, and the next login another one", async () => {
      const { proxy, ask } = await serve(framework);
      await ask("/login");
      proxy.next = "after it was done";
      expect(await ask("/logout-without")).toMatchObject({ status: 503, has: true });
      proxy.back();
      expect(await ask("/")).toEqual({ status: 200, has: true, body: {} });
      // Under its trace no answer sets or clears anything: another one may be a login's.
      expect(await ask("/logout")).toMatchObject({ status: 200, has: true });
      await ask("/login");
      expect(await ask("/")).toEqual({ status: 200, has: true, body: { user: "ada" } });
      expect(await ask("/logout")).toMatchObject({ status: 200, has: false });
    });

    it.each<Away>(["before it was done", "after it was done"])(
      "%s, is repeated by the same request until the store answers",
      async (how) => {
        const { proxy, ask } = await serve(framework);
        await ask("/login");
        proxy.next = how;
        const { body, ...rest } = await ask("/logout-stubbornly");
        expect(body.code).toMatch(/^store\/(?:unavailable|timeout)$/);
        expect(rest).toEqual({ status: 200, has: false });
        expect(await ask("/")).toEqual({ status: 200, has: false, body: {} });
      },
    );
  },
);
