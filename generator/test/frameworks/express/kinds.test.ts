import { once } from "node:events";
import type { Server } from "node:http";
import { pathToFileURL } from "node:url";
import makeFetchCookie from "fetch-cookie";
import { CookieJar } from "tough-cookie";
import { describe, expect, it, onTestFinished } from "vitest";
import { newLock } from "../../../src/lock/lock.js";
import { printLock } from "../../../src/lock/text.js";
import { compile, tsconfig } from "../../support/compiled.js";
import { config, type Project, project } from "../../support/project.js";

const visitors = config("visits: z.int().default(0)", 'backend: { kind: "memory" }, frameworks: ["express"]');
const admins = config(
  "role: z.enum(['support', 'root']).optional()",
  'name: "admin", backend: { kind: "memory" }, frameworks: ["express"]',
);
const application = `import express, { type Express } from "express";
import { adminSession } from "./admin-session/express.js";
import { session } from "./session/express.js";

export const app: Express = express();
app.use(session());
app.use("/admin", adminSession({ skip: ({ path }) => path === "/health" }));
app.get("/", (request, response) => {
  request.session.visits += 1;
  // @ts-expect-error a visitor has no role
  void request.session.role;
  response.json(request.session);
});
app.get("/admin/enter", (request, response) => {
  request.adminSession.role = "root";
  // @ts-expect-error an admin has no visits
  void request.adminSession.visits;
  // @ts-expect-error no such role
  const role: "nobody" | undefined = request.adminSession.role;
  void role;
  response.json(request.adminSession);
});
app.get("/admin", (request, response) => {
  response.json({ visitor: request.session, admin: request.adminSession });
});
app.get("/admin/leave", async (request, response) => {
  await request.adminSession.$destroy();
  response.json({});
});
app.get("/admin/health", (request, response) => {
  response.json({ disabled: request.adminSession.$isDisabled });
});
`;
const both = ["-c", "session.config.ts", "-c", "admin.session.config.ts"];

function shop(files: Readonly<Record<string, string>> = {}): Project {
  return project({
    "session.config.ts": visitors,
    "admin.session.config.ts": admins,
    "src/app.ts": application,
    "tsconfig.json": tsconfig,
    "admin.sessgen.lock.json": printLock(newLock("admin-application-id22")),
    ...files,
  });
}

describe("visitors and admins in one application", () => {
  it("are emitted side by side, each to its own places, and compile", async () => {
    const user = shop();
    expect(await user.run(...both)).toMatchObject({ code: 0, err: "" });
    expect(user.read("src/session/session.ts")).toContain("export class Session extends");
    expect(user.read("src/admin-session/session.ts")).toContain("export class AdminSession extends");
    expect(user.read("src/admin-session/index.ts")).toContain(
      "export const adminSessions: Sessions<AdminSession>",
    );
    expect(user.read("src/admin-session/index.ts")).toContain('name: "__Host-admin-session"');
    expect(user.read("admin.sessgen.lock.json")).toContain("role");
    expect(user.read("sessgen.lock.json")).not.toContain("role");
    expect(compile(user)).toEqual([]);
    expect(await user.run("check", ...both)).toMatchObject({ code: 0, err: "" });
    user.write({ "admin.session.config.ts": admins.replace("'support', ", "") });
    expect(await user.run("check", ...both)).toMatchObject({ code: 1 });
  });

  it("each have a cookie and a session of their own, with a real client", async () => {
    const user = shop();
    await user.run(...both);
    const { app } = await import(pathToFileURL(`${user.root}/src/app.ts`).href);
    const server: Server = app.listen(0, "localhost");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const address = server.address();
    const origin = `http://localhost:${typeof address === "object" && address !== null ? address.port : 0}`;
    const jar = new CookieJar();
    const go = makeFetchCookie(fetch, jar);
    const get = async (path: string): Promise<unknown> =>
      (await go(`${origin}${path}`, { headers: { connection: "close" } })).json();
    const names = async (): Promise<string[]> => (await jar.getCookies(origin)).map(({ key }) => key).sort();
    expect(await get("/")).toEqual({ visits: 1 });
    expect(await get("/admin")).toEqual({ visitor: { visits: 1 }, admin: {} });
    expect(await names()).toEqual(["dev-session"]);
    await get("/admin/enter");
    expect(await names()).toEqual(["dev-admin-session", "dev-session"]);
    expect(await get("/admin")).toEqual({ visitor: { visits: 1 }, admin: { role: "root" } });
    expect(await get("/admin/health")).toEqual({ disabled: true });
    await get("/admin/leave");
    expect(await names()).toEqual(["dev-session"]);
    expect(await get("/")).toEqual({ visits: 2 });
  });

  it("an id of one kind finds nothing of the other, even in a store they share", async () => {
    const shared = 'backend: { kind: "file", directory: "store" }';
    const user = shop({
      "session.config.ts": visitors.replace('backend: { kind: "memory" }', shared),
      "admin.session.config.ts": admins.replace('backend: { kind: "memory" }', shared),
    });
    // One by one, nobody can see that they share it.
    for (const name of ["session.config.ts", "admin.session.config.ts"]) await user.run("-c", name);
    const here = process.cwd();
    process.chdir(user.root);
    onTestFinished(() => process.chdir(here));
    const { sessions } = await import(pathToFileURL(`${user.root}/src/session/index.ts`).href);
    const { adminSessions } = await import(pathToFileURL(`${user.root}/src/admin-session/index.ts`).href);
    const visitor = await sessions.open(undefined);
    visitor.visits = 1;
    await visitor.$commit();
    expect((await sessions.open(`__Host-session=${visitor.$id}`)).$isNew).toBe(false);
    expect((await adminSessions.open(`__Host-admin-session=${visitor.$id}`)).$isNew).toBe(true);
  });
});

describe("two kinds that collide are refused", () => {
  const file = (directory: string, more = ""): string =>
    `backend: { kind: "file", directory: "${directory}"${more} }`;
  const named = (rest: string): string => config("role: z.string().optional()", rest);
  it.each<[string, { given: string; want: string[] }]>([
    [
      "without a name",
      { given: named(file("b")), want: ["output", "infrastructure", "lock", "name", "cookie.name"] },
    ],
    [
      "on the output",
      { given: named(`name: "admin", output: "src/session", ${file("b")}`), want: ["output"] },
    ],
    [
      "on the lock",
      { given: named(`name: "admin", lock: "sessgen.lock.json", ${file("b")}`), want: ["lock"] },
    ],
    [
      "on the cookie",
      {
        given: named(`name: "admin", cookie: { name: "__Host-session" }, ${file("b")}`),
        want: ["cookie.name"],
      },
    ],
    [
      "on the place, however else it is set up",
      { given: named(`name: "admin", ${file("a", ", maxEntries: 9")}`), want: ["backend.default"] },
    ],
  ])("%s", async (_name, { given, want }) => {
    const user = shop({
      "session.config.ts": config("visits: z.int().default(0)", file("a")),
      "admin.session.config.ts": given,
    });
    const run = await user.run("generate", ...both, "--json");
    expect(run.code).toBe(3);
    const { problems } = JSON.parse(run.out);
    expect(problems.map(({ code }: { code: string }) => code)).toEqual(
      want.map(() => "config/kinds-collide"),
    );
    expect(problems.map(({ where }: { where: { path: string } }) => where.path)).toEqual(want);
  });

  it("sessgen migrate takes one config", async () => {
    expect(await shop().run("migrate", ...both)).toMatchObject({ code: 2 });
  });

  it("a name that cannot be one in code is refused", async () => {
    const user = shop({ "admin.session.config.ts": admins.replace('"admin"', '"the admins"') });
    const run = await user.run("-c", "admin.session.config.ts", "--json");
    expect(JSON.parse(run.out).problems).toMatchObject([
      { code: "config/invalid-option", where: { path: "name", line: 6 } },
    ]);
  });
});
