/** @module-tag slow */
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { describe, expect, it } from "vitest";
import { listen } from "../../../../runtime/test/http/listen.js";
import { certificate } from "../../../../services/certificate.js";
import { lookAtCookie } from "../../../src/cli/doctor/cookie.js";
import { lookAtDriver } from "../../../src/cli/doctor/environment.js";
import { judgeCookie, parseSetCookie } from "../../../src/cli/doctor/judge-cookie.js";
import { resolveCookies } from "../../../src/config/options/cookie.js";
import { config, type Project, project, runIn } from "../../support/project.js";

const dependencies = { "@sessgen/runtime": "*" };
const packageJson = JSON.stringify({ name: "user", type: "module", dependencies });

/** A project whose module is emitted. */
async function emitted(rest: string, files: Readonly<Record<string, string>> = {}): Promise<Project> {
  const user = project({
    "package.json": packageJson,
    "session.config.ts": config("visits: z.int().default(0)", rest),
    "tsconfig.json": '{ "compilerOptions": { "strict": true } }',
    ...files,
  });
  await user.run();
  return user;
}

/** What `doctor --json` says: the state of each thing, and all codes. */
async function examine(
  user: Project,
  argv: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; states: Record<string, string>; codes: string[] }> {
  const { code, out } = await runIn(user.root, ["doctor", "--json", ...argv], { env });
  const { checks, problems } = JSON.parse(out);
  return {
    code,
    states: Object.fromEntries(
      checks.map(({ check, state }: { check: string; state: string }) => [check, state]),
    ),
    codes: problems.map((problem: { code: string }) => problem.code),
  };
}

const sqlite = 'backend: { kind: "sqlite", file: "sessions.db" }';

describe("doctor", () => {
  it("finds nothing where all is well", async () => {
    const user = await emitted(sqlite);
    await user.run("migrate");
    expect(await examine(user)).toEqual({
      code: 0,
      codes: [],
      states: {
        node: "ok",
        config: "ok",
        runtime: "ok",
        tsconfig: "ok",
        emitted: "ok",
        driver: "ok",
        environment: "ok",
        backend: "ok",
        clock: "ok",
        cookie: "skipped",
      },
    });
    const { out } = await user.run("doctor");
    expect(out).toContain("ok  backend: sqlite answers, and is as it should be\n");
    expect(out).toContain("-   cookie: Name the running application by --url");
    expect(out).toContain("9 well, 0 to look at, 0 to mend, 1 not looked at\n");
  });

  it.each<
    [
      string,
      {
        given: {
          rest?: string;
          files?: Readonly<Record<string, string>>;
          migrate?: false;
          edit?: Readonly<Record<string, string>>;
        };
        want: { code: number; codes: readonly string[]; states: Readonly<Record<string, string>> };
      },
    ]
  >([
    [
      "a config that is wrong",
      {
        given: { edit: { "session.config.ts": "export default { backend: { kind: 'sqlit' } }" } },
        want: {
          code: 3,
          codes: expect.arrayContaining(["config/invalid-option"]) as never,
          states: { config: "error" },
        },
      },
    ],
    [
      "files that are out of date",
      {
        given: { edit: { "session.config.ts": config("count: z.int().default(0)", sqlite) } },
        want: { code: 1, codes: ["check/out-of-date"], states: { emitted: "error", backend: "ok" } },
      },
    ],
    [
      "a database without the table",
      {
        given: { migrate: false },
        want: { code: 6, codes: ["verify/missing-table"], states: { backend: "error", clock: "ok" } },
      },
    ],
    [
      "variables that are not set",
      {
        given: {
          rest: 'backend: { kind: "redis", url: env("DOCTOR_REDIS") }, cookie: { secrets: [env("DOCTOR_SECRET")] }',
        },
        want: {
          code: 3,
          codes: ["doctor/env-missing"],
          states: { environment: "error", backend: "skipped" },
        },
      },
    ],
    [
      "a backend that is not there",
      {
        given: { rest: 'backend: { kind: "redis", url: "redis://localhost:1" }' },
        want: {
          code: 5,
          codes: ["backend/unavailable"],
          states: { driver: "ok", backend: "error", clock: "skipped" },
        },
      },
    ],
    [
      "a backend out of reach",
      {
        given: { rest: 'backend: { kind: "memory" }' },
        want: { code: 0, codes: [], states: { backend: "skipped", clock: "skipped" } },
      },
    ],
    [
      "a backend that can only be read",
      {
        given: { rest: 'backend: { kind: "file", directory: "sessions" }' },
        want: { code: 0, codes: [], states: { backend: "ok", clock: "skipped" } },
      },
    ],
    [
      "the runtime among what is for development",
      {
        given: {
          files: { "package.json": JSON.stringify({ type: "module", devDependencies: dependencies }) },
        },
        want: { code: 3, codes: ["doctor/runtime-missing"], states: { runtime: "error" } },
      },
    ],
    [
      "a compiler that is not strict",
      {
        given: { files: { "tsconfig.json": '{ "compilerOptions": { "strict": false } }' } },
        want: { code: 0, codes: ["doctor/tsconfig-loose"], states: { tsconfig: "warning" } },
      },
    ],
    [
      "another version of the runtime",
      {
        given: {
          files: {
            "node_modules/@sessgen/runtime/package.json":
              '{ "name": "@sessgen/runtime", "version": "9.9.9" }',
          },
        },
        want: { code: 0, codes: ["doctor/versions-differ"], states: { runtime: "warning" } },
      },
    ],
  ])("says of %s", async (_name, { given, want }) => {
    const user = await emitted(given.rest ?? sqlite, given.files);
    if (given.rest === undefined && given.migrate !== false) await user.run("migrate");
    user.write(given.edit ?? {});
    const { code, codes, states } = await examine(user);
    expect({ code, codes }).toEqual({ code: want.code, codes: want.codes });
    expect(states).toMatchObject(want.states);
  });

  it("names variables, and never what they say", async () => {
    const user = await emitted('backend: { kind: "memory" }, cookie: { secrets: [env("DOCTOR_SECRET")] }');
    const { out, err } = await runIn(user.root, ["doctor"], {
      env: { DOCTOR_SECRET: "s3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr3t" },
    });
    expect(out).toContain("Set: DOCTOR_SECRET");
    expect(out + err).not.toContain("s3cr3t");
  });
});

it.each<[string, { given: readonly [object, object]; want: unknown }]>([
  [
    "the first that is there",
    { given: [{ clients: ["no-such-client", "pg"] }, {}], want: { summary: "pg" } },
  ],
  [
    "the one that is named",
    { given: [{ clients: ["pg"] }, { driver: "no-such-client" }], want: "backend/missing-driver" },
  ],
  ["none", { given: [{ clients: ["no-such-client"] }, {}], want: "backend/missing-driver" }],
  [
    "what Node has",
    { given: [{ builtIn: "node:http", clients: ["no-such-client"] }, {}], want: { summary: "node:http" } },
  ],
  [
    "a client of the application's",
    { given: [{ clients: ["pg"] }, { client: "./client.ts" }], want: { skipped: true } },
  ],
])("finds of drivers %s", async (_name, { given: [backend, options], want }) => {
  const found = lookAtDriver({ root: import.meta.dirname }, backend, { kind: "any", ...options });
  if (typeof want === "string") await expect(found).rejects.toMatchObject({ code: want });
  else expect(await found).toMatchObject(want as object);
});

const { cookie } = resolveCookies(undefined, "");

describe("doctor --url", () => {
  const good = "dev-session=AAAA; Path=/; HttpOnly; SameSite=Lax";

  it.each<[string, { given: RequestListener; want: readonly string[] }]>([
    [
      "a cookie that comes back",
      {
        given: ({ headers }, response) => {
          if (headers.cookie === undefined)
            response.setHeader("set-cookie", good).setHeader("cache-control", "private");
          response.end();
        },
        want: [],
      },
    ],
    [
      "another session each time",
      {
        given: (_request, response) => {
          response
            .setHeader("set-cookie", good.replace("AAAA", `A${Math.random()}`))
            .setHeader("cache-control", "no-store");
          response.end();
        },
        want: ["doctor/cookie-forgotten"],
      },
    ],
    ["no cookie", { given: (_request, response) => void response.end(), want: ["doctor/no-cookie"] }],
    [
      "an error",
      {
        given: (_request, response) => void response.writeHead(503).end(),
        want: ["doctor/answer-failed"],
      },
    ],
    [
      "another time",
      {
        given: (_request, response) => void response.setHeader("date", new Date(0).toUTCString()).end(),
        want: ["doctor/no-cookie", "doctor/clock-skew"],
      },
    ],
  ])("%s", async (_name, { given, want }) => {
    const port = await listen(createServer(given), "localhost");
    const { problems = [] } = await lookAtCookie({ cookie }, {}, `http://localhost:${port}/`);
    expect(problems.map(({ code }) => code)).toEqual(want);
  });

  it("a certificate that nobody known has signed", async () => {
    const server = createTlsServer(certificate(), (_request, response) => void response.end());
    const url = `https://localhost:${await listen(server, "localhost")}/`;
    await expect(lookAtCookie({ cookie }, {}, url)).rejects.toMatchObject({
      code: "doctor/untrusted-certificate",
    });
  });

  it("nobody there, and no address", async () => {
    const user = await emitted('backend: { kind: "memory" }');
    expect(await examine(user, ["--url", "http://localhost:1/"])).toMatchObject({
      code: 5,
      codes: ["doctor/unreachable"],
    });
    expect(await examine(user, ["--url", "localhost"])).toMatchObject({ code: 2, codes: ["cli/usage"] });
  });
});

it.each<[string, { given: { cookie: string; url: string; cache?: string }; want: readonly string[] }]>([
  [
    "as it should be",
    {
      given: {
        cookie: "__Host-session=a; Path=/; Secure; HttpOnly; SameSite=Lax",
        url: "https://a.example/",
      },
      want: [],
    },
  ],
  [
    "on this machine",
    {
      given: {
        cookie: "__Host-session=a; Path=/; Secure; HttpOnly; SameSite=Lax",
        url: "http://localhost:3000/",
      },
      want: [],
    },
  ],
  [
    "Secure, over plain HTTP",
    {
      given: { cookie: "__Host-session=a; Path=/; Secure; HttpOnly; SameSite=Lax", url: "http://a.example/" },
      want: ["doctor/cookie-dropped"],
    },
  ],
  [
    "of a proxy that is not believed",
    {
      given: { cookie: "session=a; Path=/; HttpOnly; SameSite=Lax", url: "https://a.example/" },
      want: ["doctor/cookie-insecure"],
    },
  ],
  [
    "with a prefix and a domain",
    {
      given: {
        cookie: "__Host-session=a; Path=/; Domain=a.example; Secure; HttpOnly; SameSite=Lax",
        url: "https://a.example/",
      },
      want: ["doctor/cookie-dropped"],
    },
  ],
  [
    "of another domain",
    {
      given: {
        cookie: "session=a; Path=/; Domain=b.example; Secure; HttpOnly; SameSite=Lax",
        url: "https://a.example/",
      },
      want: ["doctor/cookie-dropped"],
    },
  ],
  [
    "of the domain above",
    {
      given: {
        cookie: "session=a; Path=/; Domain=.a.example; Secure; HttpOnly; SameSite=Lax",
        url: "https://www.a.example/",
      },
      want: [],
    },
  ],
  [
    "for other sites, without TLS",
    {
      given: { cookie: "session=a; HttpOnly; SameSite=None", url: "http://localhost/" },
      want: ["doctor/cookie-dropped"],
    },
  ],
  [
    "open to scripts and other sites",
    {
      given: { cookie: "session=a; Secure", url: "https://a.example/" },
      want: ["doctor/cookie-weak", "doctor/cookie-weak"],
    },
  ],
  [
    "in a cache",
    {
      given: {
        cookie: "session=a; Secure; HttpOnly; SameSite=Lax",
        url: "https://a.example/",
        cache: "public, max-age=60",
      },
      want: ["doctor/cookie-cacheable"],
    },
  ],
])("judges a cookie %s", (_name, { given: { cookie, url, cache = "private" }, want }) => {
  const found = judgeCookie(parseSetCookie(cookie), new URL(url), new Headers({ "cache-control": cache }));
  expect(found.map(({ code }) => code)).toEqual(want);
});
