import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer, get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import express5 from "express";
import { describe, expect, it, onTestFinished } from "vitest";
import { withSession } from "../../src/http/fetch.js";
import { type AttachOptions, attachSession } from "../../src/http/node.js";
import { setup } from "../session/support/fixture.js";
import { listen } from "./listen.js";

const options = { cookie: { secure: "auto" } as const, clock: Date.now };
const forged = { "x-forwarded-proto": "https" };

function handler(attach: AttachOptions): RequestListener {
  const { sessions } = setup(options);
  return async (request, response) => {
    const session = await attachSession(sessions, request, response, attach);
    session.visits += 1;
    response.end();
  };
}

/** Whether the cookie is Secure that a request with these headers gets over plain HTTP. */
async function secureFor(listener: RequestListener, headers: Record<string, string>): Promise<boolean> {
  const server = createServer(listener);
  const port = await listen(server);
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: "close", ...headers } });
  const [cookie = ""] = response.headers.getSetCookie();
  expect(cookie).toMatch(/^session=[\w-]{43}; .*HttpOnly/);
  return /; Secure/.test(cookie);
}

describe("over plain HTTP to node:http, the cookie", () => {
  it.each<[string, { given: AttachOptions; headers?: Record<string, string>; want: boolean }]>([
    ["is not Secure", { given: {}, want: false }],
    ["does not believe a client that claims TLS", { given: {}, headers: forged, want: false }],
    [
      "is Secure behind a proxy that is trusted",
      { given: { trustProxy: true }, headers: forged, want: true },
    ],
    [
      "is not Secure where the trusted proxy says it is plain",
      { given: { trustProxy: true }, headers: { "x-forwarded-proto": "http" }, want: false },
    ],
    ["is not Secure where the trusted proxy says nothing", { given: { trustProxy: true }, want: false }],
    [
      "believes only what the proxy itself added",
      { given: { trustProxy: 1 }, headers: { "x-forwarded-proto": "https, http" }, want: false },
    ],
    [
      "believes the outer one of two proxies",
      { given: { trustProxy: 2 }, headers: { "x-forwarded-proto": "http, https, http" }, want: true },
    ],
    ["believes nobody with no proxies", { given: { trustProxy: 0 }, headers: forged, want: false }],
    [
      "is Secure behind a proxy of a trusted network",
      { given: { trustProxy: ["10.0.0.0/8", "127.0.0.0/8", "::1"] }, headers: forged, want: true },
    ],
    [
      "does not believe a proxy at another address",
      { given: { trustProxy: ["10.0.0.0/8", "127.0.0.2"] }, headers: forged, want: false },
    ],
    ["follows the framework's verdict: TLS", { given: { secure: true }, want: true }],
    [
      "follows the framework's verdict: plain",
      { given: { secure: false, trustProxy: true }, headers: forged, want: false },
    ],
  ])("%s", async (_name, { given, headers, want }) => {
    expect(await secureFor(handler(given), headers ?? {})).toBe(want);
  });
});

describe("over TLS", () => {
  it("to node:https the cookie is Secure", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sessgen-tls-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const request = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost".split(" ");
    execFileSync("openssl", [...request, "-keyout", keyFile, "-out", certFile], { stdio: "ignore" });
    const tls = { key: readFileSync(keyFile), cert: readFileSync(certFile) };
    const port = await listen(createTlsServer(tls, handler({})));
    const [response] = await once(
      get({ port, host: "127.0.0.1", rejectUnauthorized: false, agent: false }),
      "response",
    );
    response.resume();
    expect(response.headers["set-cookie"]).toEqual([expect.stringContaining("; Secure")]);
  });
});

describe("with Express the cookie follows its own `trust proxy`", () => {
  it.each<[string, { given: unknown; want: boolean }]>([
    ["not set", { given: undefined, want: false }],
    ["the loopback", { given: "loopback", want: true }],
    ["another network", { given: "10.0.0.0/8", want: false }],
  ])("%s", async (_name, { given, want }) => {
    const { sessions } = setup(options);
    const app = express5();
    if (given !== undefined) app.set("trust proxy", given);
    app.use(async (request, response) => {
      const session = await attachSession(sessions, request, response, { secure: request.secure });
      session.visits += 1;
      response.end();
    });
    expect(await secureFor(app, forged)).toBe(want);
  });
});

describe("with Fetch", () => {
  it.each<
    [
      string,
      {
        given: string;
        headers?: Record<string, string>;
        trustProxy?: boolean | number;
        want: boolean;
      },
    ]
  >([
    ["the URL decides: TLS", { given: "https://example.org/", want: true }],
    ["the URL decides: plain", { given: "http://example.org/", want: false }],
    ["no client is believed that claims TLS", { given: "http://example.org/", headers: forged, want: false }],
    [
      "no client can take Secure away",
      { given: "https://example.org/", headers: { "x-forwarded-proto": "http" }, want: true },
    ],
    [
      "a trusted proxy is believed",
      { given: "http://example.org/", headers: forged, trustProxy: true, want: true },
    ],
  ])("%s", async (_name, { given, headers = {}, want, trustProxy = false }) => {
    const { sessions } = setup(options);
    const respond = (session: { visits: number }): Response => {
      session.visits += 1;
      return new Response();
    };
    const response = await withSession(sessions, new Request(given, { headers }), respond, { trustProxy });
    expect(/; Secure/.test(response.headers.getSetCookie()[0] ?? "")).toBe(want);
  });
});

it("without knowing how the request came, the cookie is Secure", async () => {
  const session = await setup(options).sessions.open(undefined);
  session.visits += 1;
  expect(await session.$commit()).toEqual([expect.stringMatching(/^session=.*; Secure/)]);
});
