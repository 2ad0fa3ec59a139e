/** @module-tag slow */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Express } from "express";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { compile, tsconfig } from "../generator/test/support/compiled.js";
import { lockText, type Project, project } from "../generator/test/support/project.js";
import { freePort } from "../scripts/guide.mjs";
import { serviceUrl } from "../services/client.js";
import { npmPackages, pythonProgram } from "../services/tools.js";

const folder = fileURLToPath(new URL("../docs/coming-from/", import.meta.url));
const secret = "a secret of these tests alone, and long enough";

/** The files of a page: their paths stand behind the language. */
function filesOf(page: string): Record<string, string> {
  const text = readFileSync(join(folder, `${page}.md`), "utf8");
  return Object.fromEntries(
    [...text.matchAll(/^```(?:ts|py) (\S+)\n([\s\S]*?)^```$/gm)].map(([, path = "", code = ""]) => [
      path,
      code,
    ]),
  );
}

async function emitted(page: string): Promise<Project> {
  const user = project({ "sessgen.lock.json": lockText, "tsconfig.json": tsconfig, ...filesOf(page) });
  expect(await user.run("--no-cache")).toMatchObject({ code: 0, err: "" });
  return user;
}

/** The project, of which only these files and what they import are compiled. */
function within(user: Project, files: readonly string[]): Project {
  const all = JSON.parse(tsconfig);
  const include = files.map((file) => `src/${file}`);
  user.write({ "tsconfig.json": JSON.stringify({ ...all, include }) });
  return user;
}

const load = (user: Project, path: string) => import(pathToFileURL(join(user.root, path)).href);

/** Asks as a browser does, which keeps cookies for the servers it knows. */
function browser(jar = new Map<string, string>()) {
  const ask = async (url: string, init: RequestInit = {}, send = fetch): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await send(new Request(url, { ...init, headers: { ...init.headers, cookie } }));
    for (const text of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(text) || value === "") jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  return { jar, ask };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, resolve));
  onTestFinished(() => void server.close());
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

/** What an application does that has `/login`, `/logout` and `/`, for somebody who comes with cookies. */
async function visit(url: string, { ask } = browser()) {
  const post = { method: "POST" };
  const account = () => ask(`${url}/`).then((response) => response.json());
  const strange = await account();
  await ask(`${url}/login`, post);
  const known = [await account(), await account()];
  await ask(`${url}/logout`, post);
  return [strange, ...known, await account()];
}

const ada = { id: "ada", name: "Ada" };
const visited = [{ visits: 1 }, { user: ada, visits: 2 }, { user: ada, visits: 3 }, { visits: 1 }];

it("every page is run", () => {
  expect(readdirSync(folder).sort()).toEqual([
    "better-auth.md",
    "fastify-session.md",
    "flask.md",
    "iron-session.md",
  ]);
});

describe("docs/coming-from/iron-session.md", () => {
  it("shows two applications that do the same", async () => {
    vi.stubEnv("SESSION_PASSWORD", secret);
    const user = await emitted("iron-session");
    expect(compile(user)).toEqual([]);
    for (const path of ["src/before.ts", "src/app.ts"]) {
      const { server }: { server: Server } = await load(user, path);
      expect(await visit(await listening(server)), path).toEqual(visited);
    }
  });

  it("shows how sessions are taken over", async () => {
    vi.stubEnv("SESSION_PASSWORD", secret);
    const user = await emitted("iron-session");
    const one = browser();
    const before = await listening((await load(user, "src/before.ts")).server);
    await one.ask(`${before}/login`, { method: "POST" });
    await one.ask(`${before}/`);
    user.write({
      "src/taking.ts": user
        .read("src/app.ts")
        .replace('./session/node.js";', './session/node.js";\nimport { takeOver } from "./take-over.js";')
        .replace("visitor) => {", "visitor) => {\n    await takeOver(request, response, visitor);"),
    });
    const after = await listening((await load(user, "src/taking.ts")).server);
    expect(await (await one.ask(`${after}/`)).json()).toEqual({ user: ada, visits: 2 });
    expect([...one.jar.keys()]).not.toContain("shop");
    expect(await (await one.ask(`${after}/`)).json()).toEqual({ user: ada, visits: 3 });
  });
});

/** What a test does with an application of Fastify's. */
interface FastifyApplication {
  listen(options: { readonly port: number }): Promise<string>;
  close(): Promise<void>;
}

describe("docs/coming-from/fastify-session.md", () => {
  async function created(user: Project, path: string, ...given: unknown[]): Promise<string> {
    const app: FastifyApplication = (await load(user, path)).createApp(...given);
    onTestFinished(() => app.close());
    return (await app.listen({ port: 0 })).replace("127.0.0.1", "localhost").replace("[::1]", "localhost");
  }

  it("shows two applications that do the same", async () => {
    vi.stubEnv("SESSION_SECRET", secret);
    const user = await emitted("fastify-session");
    // Each says what request.session is, so they are no one program.
    expect(compile(within(user, ["before.ts"]))).toEqual([]);
    expect(compile(within(user, ["app.ts", "take-over.ts"]))).toEqual([]);
    for (const path of ["src/before.ts", "src/app.ts"]) {
      // What was there before the login: @fastify/session begins anew with another id.
      const want =
        path === "src/app.ts"
          ? visited
          : [visited[0], { user: ada, visits: 1 }, { user: ada, visits: 2 }, visited[3]];
      expect(await visit(await created(user, path)), path).toEqual(want);
    }
  });

  it("shows how stored sessions are taken over", async () => {
    vi.stubEnv("SESSION_SECRET", secret);
    const user = await emitted("fastify-session");
    const { MemoryStore } = (await import("express-session")).default;
    const old = new MemoryStore();
    const one = browser();
    const before = await created(user, "src/before.ts", old);
    await one.ask(`${before}/login`, { method: "POST" });
    await one.ask(`${before}/`);
    user.write({
      "src/taking.ts": user
        .read("src/app.ts")
        .replace('fastify.js";', 'fastify.js";\nimport { takeOver } from "./take-over.js";')
        .replace("createApp()", "createApp(old, secret)")
        .replace(
          "app.register(session);",
          "app.register(session);\n  app.after(() => takeOver(app, old, secret));",
        ),
    });
    const after = await created(user, "src/taking.ts", old, secret);
    expect(await (await one.ask(`${after}/`)).json()).toEqual({ user: ada, visits: 2 });
    expect([...one.jar.keys()]).not.toContain("sessionId");
    expect(await (await one.ask(`${after}/`)).json()).toEqual({ user: ada, visits: 3 });
    expect(Reflect.get(old, "sessions")).toEqual({});
    // Signed with another secret, it is nobody's.
    const forged = browser(new Map([["sessionId", "anything.AAAA"]]));
    expect(await (await forged.ask(`${after}/`)).json()).toEqual({ visits: 1 });
  });
});

const betterAuth = installed("better-auth@1.7");

describe.skipIf(betterAuth === undefined)("docs/coming-from/better-auth.md", () => {
  const body = { email: "ada@example.org", password: "right and long" };
  const json = (value: object): RequestInit => ({
    method: "POST",
    headers: { "content-type": "application/json", origin: "http://localhost:3000" },
    body: JSON.stringify(value),
  });
  const at = (path: string): string => `http://localhost:3000${path}`;

  async function loaded() {
    vi.stubEnv("AUTH_SECRET", secret);
    const user = await emitted("better-auth");
    mkdirSync(join(user.root, "node_modules"));
    symlinkSync(join(betterAuth ?? "", "better-auth"), join(user.root, "node_modules/better-auth"));
    const { auth } = await load(user, "src/auth.ts");
    await auth.api.signUpEmail({ body: { ...body, name: "Ada" } });
    const before: typeof fetch = (await load(user, "src/before.ts")).handler;
    return { user, auth, before };
  }

  it("shows two applications that let the same user in", async () => {
    const { user, before } = await loaded();
    const one = browser();
    expect((await one.ask(at("/"), {}, before)).status).toBe(401);
    await one.ask(at("/api/auth/sign-in/email"), json(body), before);
    expect(await (await one.ask(at("/"), {}, before)).json()).toEqual({ name: "Ada" });

    const after: typeof fetch = (await load(user, "src/app.ts")).handler;
    const other = browser();
    expect((await other.ask(at("/login"), json({ ...body, password: "wrong and long" }), after)).status).toBe(
      401,
    );
    expect((await other.ask(at("/"), {}, after)).status).toBe(401);
    expect((await other.ask(at("/login"), json(body), after)).status).toBe(204);
    expect(await (await other.ask(at("/"), {}, after)).json()).toEqual({ name: "Ada", visits: 1 });
    expect(await (await other.ask(at("/"), {}, after)).json()).toEqual({ name: "Ada", visits: 2 });
    await other.ask(at("/logout"), { method: "POST" }, after);
    expect((await other.ask(at("/"), {}, after)).status).toBe(401);
  });

  it("shows how sessions are taken over", async () => {
    const { user, before } = await loaded();
    const one = browser();
    await one.ask(at("/api/auth/sign-in/email"), json(body), before);
    const stolen = browser(new Map(one.jar));
    user.write({
      "src/taking.ts": user
        .read("src/app.ts")
        .replace('./auth.js";', './auth.js";\nimport { takeOver } from "./take-over.js";')
        .replace("visitor) => {", "visitor) => {\n  await takeOver(request, visitor);"),
    });
    const after: typeof fetch = (await load(user, "src/taking.ts")).handler;
    expect(await (await one.ask(at("/"), {}, after)).json()).toEqual({ name: "Ada", visits: 1 });
    expect(await (await one.ask(at("/"), {}, after)).json()).toEqual({ name: "Ada", visits: 2 });
    // Its own session has ended.
    expect((await stolen.ask(at("/"), {}, before)).status).toBe(401);
  });
});

const flaskProgram = pythonProgram("flask", "flask-session[redis]==0.8.0");
const address = await serviceUrl("redis");

describe.skipIf(flaskProgram === undefined || address === "")("docs/coming-from/flask.md", () => {
  /** Flask answers `null` where there is no user. */
  const flaskVisited = visited.map((one) => ({ user: null, ...one }));

  /** Starts the page's Flask application. */
  async function flask(user: Project): Promise<string> {
    const port = await freePort();
    const child = spawn(flaskProgram ?? "", ["--app", "app", "run", "--port", String(port)], {
      cwd: user.root,
      env: { ...process.env, REDIS_URL: address },
      stdio: "ignore",
    });
    const ended = once(child, "exit");
    onTestFinished(async () => {
      child.kill();
      await ended;
    });
    const url = `http://localhost:${port}`;
    await expect
      .poll(() =>
        fetch(url).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    return url;
  }

  /** The page's application in TypeScript, and what ends its connections. */
  async function application(user: Project): Promise<string> {
    const { app }: { app: Express } = await load(user, "src/app.ts");
    const { redis } = await load(user, "src/take-over.ts");
    const { sessions } = await load(user, "src/session/index.ts");
    onTestFinished(async () => {
      redis.disconnect();
      await sessions.close();
    });
    return listening(createServer(app));
  }

  it("shows two applications that do the same, of which the second takes over", async () => {
    vi.stubEnv("REDIS_URL", address);
    const user = await emitted("flask");
    expect(compile(user)).toEqual([]);
    user.write({
      "src/take-over.ts": user.read("src/take-over.ts").replace("const redis", "export const redis"),
    });
    const [before, after] = [await flask(user), await application(user)];
    for (const url of [before, after]) expect(await visit(url), url).toEqual(flaskVisited);

    const one = browser();
    await one.ask(`${before}/login`, { method: "POST" });
    await one.ask(`${before}/`);
    expect([...one.jar.keys()]).toEqual(["session"]);
    expect(await (await one.ask(`${after}/`)).json()).toEqual({ user: ada, visits: 2 });
    expect([...one.jar.keys()]).toEqual(["shop"]);
    expect(await (await one.ask(`${after}/`)).json()).toEqual({ user: ada, visits: 3 });
  });
});

/** Gives the folder of a package that sessgen does not need; nothing where there is no registry. */
function installed(name: string): string | undefined {
  try {
    return join(npmPackages(`coming-from-${name.replace("@", "-")}`, name), "node_modules");
  } catch {
    return undefined;
  }
}
