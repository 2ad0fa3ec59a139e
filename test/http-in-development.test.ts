import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import makeFetchCookie from "fetch-cookie";
import supertest from "supertest";
import { CookieJar } from "tough-cookie";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  config,
  lockText,
  newFolder,
  type Project,
  project,
  runIn,
} from "../generator/test/support/project.js";
import { newPage } from "../services/browser.js";
import { serviceUrl } from "../services/client.js";
import { has } from "../services/machine.js";
import { pythonTool } from "../services/tools.js";

const run = promisify(execFile);
const tsx = fileURLToPath(new URL("../node_modules/tsx/dist/cli.mjs", import.meta.url));

const server = `import { createServer } from "node:http";
import { attachSession } from "@sessgen/runtime/http/node";
import { sessions } from "./session/index.js";

const server = createServer((request, response) => {
  attachSession(sessions, request, response).then((session) => {
    session.visits += 1;
    response.end(\`visits \${session.visits}\`);
  }, (error) => response.writeHead(500).end(String(error)));
});
server.listen(0, () => console.log(\`port \${Reflect.get(Object(server.address()), "port")}\`));
`;

const memory = 'backend: { kind: "memory" }';
const filesOf = (rest: string) => ({
  "session.config.ts": config("visits: z.int().default(0)", rest),
  "src/server.ts": server,
});

/** The folder of what most cases ask: its sessions are in its memory. */
let usual = "";
beforeAll(async () => {
  usual = newFolder();
  mkdirSync(join(usual, "src"));
  const files = { "package.json": '{ "name": "user", "type": "module" }\n', "sessgen.lock.json": lockText };
  for (const [path, text] of Object.entries({ ...files, ...filesOf(memory) }))
    writeFileSync(join(usual, path), text);
  expect(await runIn(usual, [])).toMatchObject({ code: 0, err: "" });
});
afterAll(() => rmSync(usual, { recursive: true, force: true }));

/** Another one, whose folder goes with the test. */
async function application(rest: string): Promise<Project> {
  const user = project(filesOf(rest));
  expect(await user.run()).toMatchObject({ code: 0, err: "" });
  return user;
}

/** Starts the application of a folder in a process of its own. */
async function start(folder: string, environment: string | undefined) {
  const env = { ...process.env, NODE_ENV: environment, DATABASE_URL: undefined };
  const child = spawn(process.execPath, [tsx, "src/server.ts"], { cwd: folder, env });
  const end = async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, "exit");
  };
  const said = { err: "" };
  child.stderr.on("data", (data) => {
    said.err += String(data);
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on("data", (data) => resolve(Number(/port (\d+)/.exec(String(data))?.[1])));
    child.once("exit", () => reject(new Error(said.err)));
  });
  return { port, said, end };
}

/** The same, for one test. */
async function serve(folder: string, environment: string | undefined) {
  const served = await start(folder, environment);
  onTestFinished(served.end);
  return served;
}

const chromium = await serviceUrl("chromium");

/** Visits a page twice, with whatever that client has as a jar. */
type Client = (url: string, folder: string) => Promise<string>;

const python = `import sys, requests
session = requests.Session()
session.get(sys.argv[1])
print(session.get(sys.argv[1]).text)
`;
/** A Python that has it; beside the program of a package that it comes with. */
const beside = pythonTool("normalizer", "requests==2.32.3");
const requests = beside === undefined ? undefined : join(dirname(beside), "python");

const clients: readonly [name: string, client: Client, missing?: string | undefined][] = [
  [
    "curl",
    async (url, folder) => {
      const jar = join(folder, "curl.txt");
      await run("curl", ["-s", "-c", jar, "-b", jar, url]);
      return (await run("curl", ["-s", "-c", jar, "-b", jar, url])).stdout;
    },
    has("curl") ? undefined : "there is no curl here",
  ],
  [
    "wget",
    async (url, folder) => {
      const jar = join(folder, "wget.txt");
      const options = [
        "-qO-",
        `--load-cookies=${jar}`,
        `--save-cookies=${jar}`,
        "--keep-session-cookies",
        url,
      ];
      await run("wget", options);
      return (await run("wget", options)).stdout;
    },
    has("wget") ? undefined : "there is no wget here",
  ],
  [
    "undici, with tough-cookie",
    async (url) => {
      const fetch = makeFetchCookie(globalThis.fetch, new CookieJar());
      await fetch(url);
      return (await fetch(url)).text();
    },
  ],
  [
    "supertest",
    async (url) => {
      const agent = supertest.agent(url);
      await agent.get("/");
      return (await agent.get("/")).text;
    },
  ],
  [
    "requests of Python",
    async (url) => {
      return (await run(requests ?? "", ["-c", python, url])).stdout;
    },
    requests === undefined ? "there is no Python here, or no PyPI" : undefined,
  ],
];

describe("in development, over plain http", () => {
  let development: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    development = await start(usual, "development");
  });
  afterAll(() => development.end());

  it.for(clients)("%s keeps the session", async ([, client, missing], { skip }) => {
    if (missing !== undefined) skip(missing);
    const { port, said } = development;
    expect(await client(`http://localhost:${port}/`, usual)).toContain("visits 2");
    expect(said.err).toBe("");
  });

  const [lan] = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(
      ({ internal, address }) =>
        !internal && /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|fd)/.test(address),
    )
    .map(({ family, address }) => (family === "IPv6" ? `[${address}]` : address));
  it("a client in the same network keeps it, too", async ({ skip }) => {
    if (lan === undefined) skip("this machine has no private address");
    const { port } = development;
    const agent = supertest.agent(`http://${lan}:${port}`);
    expect((await agent.get("/")).headers["set-cookie"]?.[0]).toMatch(
      /^dev-session=[\w-]+; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect((await agent.get("/")).text).toBe("visits 2");
  });

  it.skipIf(chromium === "")("Chromium keeps it", async () => {
    const { port } = development;
    const page = await newPage(chromium);
    await page.goto(`http://localhost:${port}/`);
    // Chromium may have asked for the icon meanwhile.
    await page.goto(`http://localhost:${port}/`);
    expect(await page.textContent("body")).toMatch(/visits [2-9]/);
    expect((await page.context().cookies()).map(({ name, secure }) => ({ name, secure }))).toEqual([
      { name: "dev-session", secure: false },
    ]);
  });

  it("the cookie is the strict one for whoever comes through a proxy, whatever he calls himself", async () => {
    const { port } = development;
    const cookieFor = async (headers: Record<string, string>) =>
      (await supertest(`http://localhost:${port}`).get("/").set(headers)).headers["set-cookie"]?.[0];
    const strict = /^__Host-session=[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/;
    expect(await cookieFor({ host: "shop.example" })).toMatch(strict);
    expect(await cookieFor({ "x-forwarded-proto": "https" })).toMatch(strict);
    expect(await cookieFor({ "x-forwarded-for": "203.0.113.9" })).toMatch(strict);
    expect(await cookieFor({ host: "shop.example", "x-forwarded-host": "localhost" })).toMatch(strict);
  });

  it("a client that drops the cookie is told of once, and what to do", async () => {
    const user = await application(`${memory}, cookie: { secure: true }`);
    const { port, said } = await serve(user.root, "development");
    const agent = supertest.agent(`http://localhost:${port}`);
    for (let count = 0; count < 4; count += 1) expect((await agent.get("/")).text).toBe("visits 1");
    await expect.poll(() => said.err).toContain("SESSGEN_COOKIE_LOST");
    expect(said.err.match(/SESSGEN_COOKIE_LOST/g)).toHaveLength(1);
    expect(said.err).toContain("cookie: { development:");
  });

  it("a cookie of another host's is not taken for dropped", async () => {
    const { port, said } = await serve(usual, "development");
    const agent = supertest(`http://localhost:${port}`);
    await agent.get("/").set("host", "shop.example");
    await agent.get("/");
    expect(said.err).toBe("");
    await agent.get("/").set("host", "shop.example");
    await expect.poll(() => said.err).toContain("set over http://shop.example");
  });
});

describe("outside of development", () => {
  it.each([["production"], ["staging"], [undefined]])(
    "NODE_ENV %s: the cookie is strict",
    async (environment) => {
      const { port, said } = await serve(usual, environment);
      for (let count = 0; count < 2; count += 1) {
        const { headers } = await supertest(`http://localhost:${port}`).get("/");
        expect(headers["set-cookie"]?.[0]).toMatch(
          /^__Host-session=[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
        );
      }
      if (environment === undefined) {
        await expect.poll(() => said.err).toContain("NODE_ENV is not set, and that means production");
        expect(said.err.match(/SESSGEN_COOKIE_LOST/g)).toHaveLength(1);
      } else expect(said.err).toBe("");
    },
  );

  it.each<[string | undefined, { want: string }]>([
    [undefined, { want: "since NODE_ENV is not set" }],
    ["staging", { want: 'since NODE_ENV is "staging", for which the config has no entry' }],
  ])(
    "NODE_ENV %s: a missing variable says which environment was chosen, and why",
    async (environment, { want }) => {
      const user = await application(
        'backend: { development: { kind: "memory" }, production: { kind: "postgres", url: env("DATABASE_URL") } }',
      );
      const { port } = await serve(user.root, environment);
      const { text } = await supertest(`http://localhost:${port}`).get("/");
      expect(text).toContain("The environment variable DATABASE_URL is not set");
      expect(text).toContain(`needed in "production", which was chosen ${want}`);
    },
  );
});

describe("a cookie per environment", () => {
  const perEnvironment = `${memory}, cookie: {
    development: { name: "plain", secure: false },
    production: { sameSite: "strict", secrets: [env("SESSION_SECRET")] },
  }`;

  it.each<[string, { want: RegExp; secret?: string }]>([
    ["development", { want: /^plain=[\w-]+; Path=\/; HttpOnly; SameSite=Lax$/ }],
    [
      "production",
      {
        want: /^__Host-session=[\w-]+\.[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
        secret: "s".repeat(32),
      },
    ],
  ])("%s has its own", async (environment, { want, secret = "" }) => {
    const user = await application(perEnvironment);
    process.env["SESSION_SECRET"] = secret;
    onTestFinished(() => {
      delete process.env["SESSION_SECRET"];
    });
    const { port } = await serve(user.root, environment);
    const { headers } = await supertest(`http://localhost:${port}`).get("/");
    expect(headers["set-cookie"]?.[0]).toMatch(want);
  });

  it("check gives the same answer, whatever NODE_ENV is", async () => {
    const user = await application(perEnvironment);
    const before = process.env["NODE_ENV"];
    onTestFinished(() => {
      process.env["NODE_ENV"] = before;
    });
    for (const environment of ["development", "production", "test", "", undefined]) {
      if (environment === undefined) delete process.env["NODE_ENV"];
      else process.env["NODE_ENV"] = environment;
      expect(await user.run("check")).toMatchObject({ code: 0, err: "" });
    }
  });

  it("is how to do what a config that reads NODE_ENV would do", async () => {
    const reading = config(
      "visits: z.int().default(0)",
      `${memory},\n  cookie: { secure: process.env.NODE_ENV === "production", name: "sid" }`,
    );
    const said = await project({ "session.config.ts": reading }).run();
    expect(said.code).toBe(3);
    expect(said.err).toContain("config/reads-node-env");
    expect(said.err).toContain("session.config.ts:7:33");
  });
});
