import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import express, { type Express, type RequestHandler } from "express";
import expressSession from "express-session";
import makeFetchCookie from "fetch-cookie";
import { CookieJar } from "tough-cookie";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { config, lockText, newFolder, runIn } from "../../generator/test/support/project.js";

/** What keeps the sessions of an application: express-session, which judges, and ours in its place. */
export interface SessionHost {
  readonly name: string;
  /** Makes the middleware. */
  readonly session: () => RequestHandler;
}

/** The bag that takes whatever middleware keeps. */
const bag = {
  schema:
    "user: z.string().optional(), count: z.int().default(0), middleware: z.record(z.string(), z.unknown()).default({})",
  glue: '{ name: "express", compat: "express-session", bag: "middleware" }',
};

/** Each field declared that the middleware of these tests keeps. */
const declared = {
  schema: `user: z.string().optional(), count: z.int().default(0), returnTo: z.string().optional(),
    passport: z.object({ user: z.string().optional() }).optional(),
    "oauth2:127.0.0.1": z.object({ state: z.unknown() }).partial().optional(),
    flash: z.record(z.string(), z.array(z.string())).optional(),
    csrfSecret: z.string().optional(), csrfToken: z.string().optional(),
    luscaSecret: z.string().optional(), items: z.array(z.string()).optional()`,
  glue: '{ name: "express", compat: "express-session" }',
};

/**
 * Emits, imports and names what sessions can be kept by in the tests of a file.
 * @param only - for cases that need the bag
 */
export function sessionHosts(only: "bag" | "both" = "both"): readonly SessionHost[] {
  const ours = only === "bag" ? { "a bag": bag } : { "a bag": bag, "declared fields": declared };
  return [
    {
      name: "express-session itself",
      session: () =>
        expressSession({ secret: "a secret of these tests alone", resave: false, saveUninitialized: false }),
    },
    ...Object.entries(ours).map(([name, { schema, glue }]) => emitted(`ours, with ${name}`, schema, glue)),
  ];
}

/** A session module of its own. */
export function emitted(
  name: string,
  schema: string,
  glue: string,
  rest = 'cookie: { secure: "auto" }, lifetime: { permanent: { idle: "1h" } }',
): SessionHost {
  let session: (() => RequestHandler) | undefined;
  const root = newFolder();
  beforeAll(async () => {
    write(root, {
      "package.json": '{ "name": "user", "type": "module" }\n',
      "sessgen.lock.json": lockText,
      "session.config.ts": config(schema, `backend: { kind: "memory" }, frameworks: [${glue}], ${rest}`),
    });
    const run = await runIn(root, ["--no-cache"]);
    if (run.code !== 0) throw new Error(run.err);
    const module: object = await import(pathToFileURL(`${root}/src/session/express.ts`).href);
    [session] = Object.values(module);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return {
    name,
    session() {
      if (session === undefined) throw new Error("It is emitted before the tests of a file begin");
      return session();
    },
  };
}

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** An answer, once all of it is there. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The text as JSON, where it is some. */
  readonly json: unknown;
  readonly headers: Headers;
}

/** A browser with cookies of its own; it follows no redirects. */
export interface Browser {
  (path: string, init?: RequestInit): Promise<Answer>;
  readonly jar: CookieJar;
  /** What it sends with a request. */
  cookie(): Promise<string>;
}

/** An application that is served, and browsers of its users. */
export interface Served {
  readonly origin: string;
  readonly server: Server;
  /** What reached Express's error handler. */
  readonly errors: readonly unknown[];
  browser(jar?: CookieJar): Browser;
  /** What somebody gets who comes with a cookie of another browser. */
  steal(cookie: string, path: string): Promise<unknown>;
}

/** Serves an application with sessions; its routes come after those. */
export async function serve(host: SessionHost, routes: (app: Express) => void): Promise<Served> {
  const app = express();
  app.use(host.session());
  routes(app);
  return listen(app);
}

/** Serves until the test ends. */
export async function untilEnd(listener: RequestListener): Promise<{ server: Server; origin: string }> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { server, origin: `http://127.0.0.1:${port}` };
}

/** Serves an application until the test ends, for browsers that keep cookies. */
export async function listen(app: Express): Promise<Served> {
  const errors: unknown[] = [];
  app.use(((error, _request, response, next) => {
    errors.push(error);
    if (response.headersSent) next(error);
    // As Express itself decides.
    else
      response
        .status(error.status ?? (response.statusCode < 400 ? 500 : response.statusCode))
        .json({ code: error.code, message: error.message });
  }) as express.ErrorRequestHandler);
  const { server, origin } = await untilEnd(app);
  return {
    origin,
    server,
    errors,
    async steal(cookie, path) {
      return jsonOf(await (await fetch(new URL(path, origin), { headers: { cookie } })).text());
    },
    browser(jar = new CookieJar()) {
      const go = makeFetchCookie(fetch, jar);
      const visit = async (path: string, init: RequestInit = {}): Promise<Answer> => {
        const response = await go(new URL(path, origin), { redirect: "manual", ...init });
        const text = await response.text();
        return { status: response.status, text, json: jsonOf(text), headers: response.headers };
      };
      return Object.assign(visit, { jar, cookie: () => jar.getCookieString(origin) });
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A form, as a browser sends it. */
export function form(fields: Readonly<Record<string, string>>): RequestInit {
  return { method: "POST", body: new URLSearchParams(fields) };
}
