import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { config, type Project, project } from "../generator/test/support/project.js";
import { newPage } from "../services/browser.js";
import { serviceUrl } from "../services/client.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(`${root}docs/testing.md`, "utf8");
const files = Object.fromEntries(
  [...page.matchAll(/^```ts (src\/\S+)\n(.*?)^```$/gms)].map(([, name = "", text = ""]) => [name, text]),
);
const [, option = ""] = /^```ts config\n(.*?)^```$/ms.exec(page) ?? [];
const schema =
  "user: z.object({ id: z.string().max(40), name: z.string().max(40) }).optional(), visits: z.int().default(0)";

const chromium = await serviceUrl("chromium");

const compilerOptions = {
  ...{
    module: "commonjs",
    moduleResolution: "node",
    esModuleInterop: true,
    strict: true,
    skipLibCheck: true,
  },
  ...{ target: "es2022", noEmit: true, types: ["node", "jest"], noUncheckedIndexedAccess: true },
};

/** The page's files in a project, as CommonJS, with what it says in the config. */
async function application(
  rest = 'backend: { kind: "memory" }',
  more: Record<string, string> = {},
): Promise<Project> {
  mkdirSync(`${root}.cache`, { recursive: true });
  const folder = mkdtempSync(`${root}.cache/testing-page-`);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // What needs the compiler's API, which TypeScript 7 has no more.
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(`${root}node_modules/typescript-5.9`, join(folder, "node_modules/typescript"));
  cpSync(`${root}node_modules/ts-jest`, join(folder, "node_modules/ts-jest"), { recursive: true });
  const user = project(
    {
      "package.json": '{ "name": "user" }',
      "tsconfig.json": JSON.stringify({ compilerOptions, include: ["src"] }),
      "session.config.ts": config(schema, `${option.trim()} ${rest}`),
      "vitest.config.mjs": 'export default { test: { include: ["src/app.test.ts"] } };\n',
      "jest.config.json": JSON.stringify({
        testRegex: String.raw`\.spec\.ts$`,
        transform: { "^.+\\.ts$": "ts-jest" },
      }),
      ...files,
      ...more,
    },
    folder,
  );
  expect(await user.run("--no-cache")).toMatchObject({ code: 0, err: "" });
  return user;
}

function run({ root: cwd }: Project, environment: string | undefined, ...args: readonly string[]): string {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:VITEST|NODE_ENV)/.test(name)),
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding: "utf8",
    env: { ...env, NODE_OPTIONS: "", ...(environment !== undefined && { NODE_ENV: environment }) },
  });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout + stderr;
}

describe("the kit for tests, as the page shows it", () => {
  it.each<[string, { given: string[]; environment?: string; want: RegExp }]>([
    ["vitest and supertest", { given: ["vitest/vitest.mjs", "run"], want: /Tests .*4 passed/ }],
    ["Jest", { given: ["jest/bin/jest.js"], want: /Tests: +1 passed/ }],
    [
      "node:test",
      {
        given: ["tsx/dist/cli.mjs", "--test", "src/app.node-test.ts"],
        environment: "test",
        want: /# pass 1/,
      },
    ],
    [
      "node:test, without a NODE_ENV",
      { given: ["tsx/dist/cli.mjs", "--test", "src/app.node-test.ts"], want: /# pass 1/ },
    ],
    ["the compiler", { given: ["typescript-5.9/bin/tsc"], want: /^$/ }],
  ])("%s", async (_name, { given: [program = "", ...args], environment, want }) => {
    expect(run(await application(), environment, `${root}node_modules/${program}`, ...args)).toMatch(want);
  });

  it.skipIf(chromium === "")("Playwright", async () => {
    const user = await application();
    const load = (file: string) => import(pathToFileURL(join(user.root, file)).href);
    const [{ createApp }, { inMemory }, { logIn }] = await Promise.all(
      ["src/app.ts", "src/session/testing.ts", "src/app.playwright.ts"].map(load),
    );
    inMemory();
    const server = createApp().listen(0);
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
    const tab = await newPage(chromium);
    await logIn(tab.context(), url);
    await tab.goto(url);
    expect(await tab.textContent("body")).toBe("Hello, Ada");
  });
});

describe("the kit for tests", () => {
  async function kit(rest: string, more?: Record<string, string>) {
    const user = await application(rest, more);
    const load = (file: string) => import(pathToFileURL(join(user.root, file)).href);
    return { ...(await load("src/session/testing.ts")), ...(await load("src/session/index.ts")) };
  }

  it.each<[string, { given: string; want: Record<string, unknown> }]>([
    [
      "in a cookie, under both of its names",
      {
        given: "",
        want: { cookie: expect.stringMatching(/^__Host-session=([\w-]{43}); dev-session=\1$/) },
      },
    ],
    [
      "signed",
      {
        given: ', cookie: { secrets: [env("KIT_SECRET")] }',
        want: { cookie: expect.stringMatching(/session=[\w-]{43}\./) },
      },
    ],
    [
      "by bearer token",
      {
        given: ', transport: "bearer"',
        want: { authorization: expect.stringMatching(/^Bearer [\w-]{43}$/) },
      },
    ],
    [
      "in a header",
      {
        given: ', transport: { header: "X-Shop" }',
        want: { "x-shop": expect.stringMatching(/^[\w-]{43}$/) },
      },
    ],
    [
      "bound to what the request looks like",
      {
        given: ', binding: { userAgent: true, onMismatch: "anonymous" }',
        want: { cookie: expect.stringContaining("session=") },
      },
    ],
  ])(
    "%s: gives a request that has the session, on this machine and anywhere",
    async (_name, { given, want }) => {
      process.env["KIT_SECRET"] = "k".repeat(32);
      const { headersFor, sessions, inMemory } = await kit(`backend: { kind: "memory" }${given}`);
      inMemory();
      const agent = { "user-agent": "kit" };
      const headers = await headersFor({ visits: 7 }, { headers: agent });
      expect(headers).toEqual(want);
      for (const [host, secure] of [
        ["localhost", false],
        ["shop.example", true],
      ] as const) {
        const session = await sessions.open({ host, ...agent, ...headers }, { secure, address: "127.0.0.1" });
        expect(session.visits).toBe(7);
      }
    },
  );

  it("works on the store of the config where it was not told to keep sessions in memory", async () => {
    process.env["KIT_SECRET"] = "k".repeat(32);
    const { cookieFor, sessionOf, sessions } = await kit(
      'backend: { kind: "cookie", secrets: [env("KIT_SECRET")] }',
    );
    const cookie = await cookieFor({ visits: 3 });
    expect(await sessionOf({ headers: {} }, cookie)).toEqual({ visits: 3 });
    for (const [host, secure] of [
      ["localhost", false],
      ["shop.example", true],
    ] as const)
      expect((await sessions.open({ host, cookie }, { secure, address: "127.0.0.1" })).visits).toBe(3);
  });

  it.each<[string, { given: (cookie: string) => object }]>([
    ["fetch", { given: (cookie) => new Response("", { headers: { "set-cookie": cookie } }) }],
    ["supertest", { given: (cookie) => ({ headers: { "set-cookie": ["a=b; Path=/", cookie] } }) }],
    [
      "inject of Fastify",
      { given: (cookie) => ({ headers: { "set-cookie": cookie, "content-length": 3 } }) },
    ],
    ["Playwright", { given: (cookie) => ({ headersArray: () => [{ name: "Set-Cookie", value: cookie }] }) }],
  ])("reads a response of %s", async (_name, { given }) => {
    const { inMemory, sessionOf, sessions } = await kit('backend: { kind: "memory" }');
    inMemory();
    const session = await sessions.open({ host: "localhost" }, { secure: false });
    session.visits = 5;
    const [cookie] = await session.$commit();
    expect(await sessionOf(given(cookie))).toEqual({ visits: 5 });
    // What is not on its way any more is not in anybody's hands.
    expect(await sessionOf({ headers: {} })).toBeUndefined();
  });

  it("begins anew when it is told to, and keeps those who listen", async () => {
    const { cookieFor, inMemory, sessionOf, sessions } = await kit('backend: { kind: "memory" }');
    const created: unknown[] = [];
    sessions.on("created", (event: unknown) => created.push(event));
    inMemory();
    const cookie = await cookieFor({ visits: 1 }, { permanent: true });
    expect(created).toEqual([{ permanent: true }]);
    inMemory();
    expect(await sessionOf({ headers: {} }, cookie)).toBeUndefined();
  });

  it("refuses to work in production", async () => {
    const { inMemory } = await kit('backend: { kind: "memory" }');
    const before = process.env["NODE_ENV"];
    process.env["NODE_ENV"] = "production";
    onTestFinished(() => {
      process.env["NODE_ENV"] = before;
    });
    expect(inMemory).toThrow(expect.objectContaining({ code: "testing/in-production" }));
  });
});
