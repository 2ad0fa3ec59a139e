import { once } from "node:events";
import type { Server } from "node:http";
import { pathToFileURL } from "node:url";
import makeFetchCookie from "fetch-cookie";
import { CookieJar } from "tough-cookie";
import { describe, expect, it, onTestFinished } from "vitest";
import { serviceUrl } from "../../../../services/client.js";
import { config, project } from "../../support/project.js";

/** How often somebody logs in; each time as a visitor whom nobody has seen before. */
const ROUNDS = 50;

const application = `import express, { type Express } from "express";
import { session } from "./session/express.js";

export function shop(): Express {
  const app = express();
  app.use(session());
  app.post("/login", (request, response) => {
    request.session.user = "ada";
    response.end();
  });
  app.post("/add/:item", (request, response) => {
    request.session.cart.push(request.params.item);
    response.end();
  });
  app.get("/", (request, response) => {
    request.session.visits += 1;
    response.json(request.session);
  });
  return app;
}
`;

const redis = await serviceUrl("redis");
const backends: readonly (readonly [string, string])[] = [
  ["memory", '{ kind: "memory" }'],
  ["redis", `{ kind: "redis", url: "${redis}", prefix: "race-${process.pid}:" }`],
];

describe.each(backends)("a login over HTTP with Express, on %s", (name, backend) => {
  it.skipIf(name === "redis" && redis === "")(
    `beside three requests that write is kept, and so is its cookie, ${ROUNDS} of ${ROUNDS}`,
    async () => {
      const origin = await serve(backend);
      const rounds = await Promise.all(Array.from({ length: ROUNDS }, () => round(origin)));
      expect(rounds).toEqual(Array(ROUNDS).fill(rounds[0]));
      expect(rounds[0]).toEqual({ user: "ada", lost: [], refusedButDone: [], replaced: [] });
    },
  );
});

/** Emits, and serves the shop. */
async function serve(backend: string): Promise<string> {
  const user = project({
    "session.config.ts": config(
      "user: z.string().optional(), visits: z.int().default(0), cart: z.array(z.string()).default([])",
      `backend: ${backend}, frameworks: ["express"], cookie: { secure: false, name: "session" }, fields: { user: { regenerate: "on-change" }, visits: { merge: "counter" }, cart: { merge: { append: 100 } } }`,
    ),
    "src/app.ts": application,
  });
  expect(await user.run("--no-cache")).toMatchObject({ code: 0, err: "" });
  const { shop } = await import(pathToFileURL(`${user.root}/src/app.ts`).href);
  const { sessions } = await import(pathToFileURL(`${user.root}/src/session/index.ts`).href);
  const server: Server = shop().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await sessions.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

/**
 * A browser that has a session logs in while three of its requests write: one of a page, two that
 * add to the cart, of which one is begun once the login was acknowledged.
 */
async function round(origin: string) {
  const jar = new CookieJar();
  const go = makeFetchCookie(fetch, jar);
  const cookie = async (): Promise<string | undefined> => (await jar.getCookies(origin))[0]?.value;
  const add = async (item: string) => ({
    item,
    status: (await go(`${origin}/add/${item}`, { method: "POST" })).status,
  });
  await go(`${origin}/`);

  let acknowledged: string | undefined;
  const login = go(`${origin}/login`, { method: "POST" }).then(async ({ status }) => {
    expect(status).toBe(200);
    acknowledged = await cookie();
  });
  const [page, ...added] = await Promise.all([
    go(`${origin}/`),
    add("beside"),
    login.then(() => add("after")),
    login,
  ]);
  expect(page.status).toBe(200);
  const after = await cookie();
  const shown = (await (await go(`${origin}/`)).json()) as { user?: string; cart: readonly string[] };
  const told = added.filter((each) => each !== undefined);
  for (const { status } of told) expect([200, 409]).toContain(status);
  const items = (done: boolean) =>
    told.filter(({ status }) => (status === 200) === done).map(({ item }) => item);
  return {
    user: shown.user,
    lost: items(true).filter((item) => !shown.cart.includes(item)),
    refusedButDone: items(false).filter((item) => shown.cart.includes(item)),
    replaced: [after, await cookie()].filter((each) => each !== acknowledged),
  };
}
