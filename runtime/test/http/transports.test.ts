import { createServer, type RequestListener } from "node:http";
import { connect } from "node:net";
import express5 from "express";
import { describe, expect, it } from "vitest";
import { withSession } from "../../src/http/fetch.js";
import { attachSession } from "../../src/http/node.js";
import type { SessionsOptions, SessionTransport, TransportOption } from "../../src/index.js";
import { cookieStore } from "../../src/transports/carrier.js";
import { type Session, setup } from "../session/support/fixture.js";
import { listen } from "./listen.js";

type Opened = ReturnType<typeof setup>["sessions"];
type Host = (sessions: Opened) => RequestListener;

async function use(session: Session, path: string): Promise<string> {
  if (path === "/visit") session.visits += 1;
  if (path === "/login") session.user = "ada";
  if (path === "/remember") session.$permanent = true;
  if (path === "/logout") await session.$destroy();
  // `toJSON()` alone does not count as reading.
  if (path === "/") void session.visits;
  return JSON.stringify(session);
}

const hosts: readonly (readonly [string, Host])[] = [
  [
    "node:http",
    (sessions) => async (request, response) => {
      const session = await attachSession(sessions, request, response);
      response.end(await use(session, request.url ?? ""));
    },
  ],
  [
    "Express",
    (sessions) =>
      express5().use(async (request, response) => {
        const session = await attachSession(sessions, request, response);
        response.send(await use(session, request.path));
      }),
  ],
  [
    "Fetch",
    (sessions) => async (request, response) => {
      const headers = new Headers();
      for (let index = 0; index < request.rawHeaders.length; index += 2)
        headers.append(request.rawHeaders[index] ?? "", request.rawHeaders[index + 1] ?? "");
      const given = new Request(new URL(request.url ?? "", "http://x"), { headers });
      const answer = await withSession(
        sessions,
        given,
        async (session) => new Response(await use(session, request.url ?? "")),
      );
      for (const [name, value] of answer.headers) if (name !== "set-cookie") response.setHeader(name, value);
      response.setHeader("set-cookie", answer.headers.getSetCookie());
      response.end(await answer.text());
    },
  ],
];

async function serve(host: Host, options: Partial<SessionsOptions>) {
  const { sessions } = setup({ clock: Date.now, ...options });
  const refused: string[] = [];
  sessions.on("cookie-refused", ({ reason }) => refused.push(reason));
  const server = createServer(host(sessions));
  const port = await listen(server);
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    return { headers: response.headers, session: (await response.json()) as { readonly visits?: number } };
  };
  return { ask, port, refused };
}

const made = "A".repeat(43);
const secrets = ["a secret that is long enough for a signature"];

describe.each(hosts)("%s", (_host, host) => {
  describe.each<
    [string, { transport: TransportOption; header: string; prefix: string; answer: string; vary: string }]
  >([
    [
      "a bearer token",
      {
        transport: "bearer",
        header: "authorization",
        prefix: "Bearer ",
        answer: "session-token",
        vary: "Authorization",
      },
    ],
    [
      "a header",
      {
        transport: { header: "X-Session-Id" },
        header: "x-session-id",
        prefix: "",
        answer: "x-session-id",
        vary: "X-Session-Id",
      },
    ],
  ])("%s", (_name, { transport, header, prefix, answer, vary }) => {
    it("carries a session through its life", async () => {
      const { ask } = await serve(host, { transport, cookie: { secrets } });
      const first = await ask("/visit");
      const token = first.headers.get(answer) ?? "";
      expect(token).toMatch(/^[\w-]{43}\.[\w-]{6}[\w-]{43}$/);
      expect(first.headers.getSetCookie()).toEqual([]);
      expect([first.headers.get("vary"), first.headers.get("cache-control")]).toEqual([vary, "no-store"]);
      const ends = Date.parse(first.headers.get(`${answer}-expires`) ?? "");
      expect(ends).toBeGreaterThan(Date.now());
      const given = { [header]: `${prefix}${token}` };
      const read = await ask("/", given);
      expect(read.session).toEqual({ visits: 1, cart: [], log: [] });
      expect([read.headers.get(answer), read.headers.get("vary")]).toEqual([null, vary]);
      expect((await ask("/idle", given)).headers.get("vary")).toBeNull();
      // The end of the session moves with a write, and the client is told.
      expect((await ask("/visit", given)).headers.get(answer)?.split(".")[0]).toBe(token.split(".")[0]);
      const login = await ask("/login", given);
      const moved = login.headers.get(answer) ?? "";
      expect(moved).not.toBe(token);
      expect((await ask("/", given)).session).toEqual({ visits: 0, cart: [], log: [] });
      const after = { [header]: `${prefix}${moved}` };
      expect((await ask("/", after)).session).toMatchObject({ visits: 2, user: "ada" });
      const out = await ask("/logout", after);
      expect([out.headers.get(answer), out.headers.get("cache-control")]).toEqual(["", "no-store"]);
      expect((await ask("/", after)).session).not.toHaveProperty("user");
    });

    it.each<[string, { given: (token: string) => string; want: string[] }]>([
      ["a made-up id", { given: () => made, want: ["signature"] }],
      ["a forged signature", { given: () => `${made}.${made}`, want: ["signature"] }],
      ["another one behind it", { given: (token) => `${token}, ${prefix}${made}`, want: ["ambiguous"] }],
      ["what is no token", { given: () => "a b c", want: ["malformed"] }],
      ["2 kB", { given: () => "A".repeat(2048), want: ["too-long"] }],
    ])("adopts nothing from a client that sends %s", async (_case, { given, want }) => {
      const { ask, refused } = await serve(host, { transport, cookie: { secrets } });
      const token = (await ask("/visit")).headers.get(answer) ?? "";
      const sent = given(token);
      const { headers, session } = await ask("/visit", { [header]: `${prefix}${sent}` });
      expect(session).toMatchObject({ visits: 1 });
      expect(headers.get(answer)).not.toContain(made);
      expect(headers.get(answer)).not.toBe(token);
      expect(refused).toEqual(want);
    });

    it("adopts no unknown id without signatures, either", async () => {
      const { ask } = await serve(host, { transport });
      const { headers } = await ask("/visit", { [header]: `${prefix}${made}` });
      expect(headers.get(answer)).toMatch(/^[\w-]{43}$/);
      expect(headers.get(answer)).not.toBe(made);
    });

    it("refuses two headers that differ", async () => {
      const { ask, port, refused } = await serve(host, { transport });
      const token = (await ask("/visit")).headers.get(answer) ?? "";
      const lines = [`${header}: ${prefix}${token}`, `${header}: ${prefix}${made}`];
      const socket = connect(port, "127.0.0.1");
      socket.end(`GET / HTTP/1.1\r\nHost: x\r\n${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`);
      let received = "";
      for await (const chunk of socket) received += String(chunk);
      expect(received).toContain('"visits":0');
      expect(refused).toEqual(["ambiguous"]);
    });

    it("neither reads nor sets cookies", async () => {
      const { ask } = await serve(host, { transport });
      const token = (await ask("/visit")).headers.get(answer) ?? "";
      const { session } = await ask("/", { cookie: `__Host-session=${token}` });
      expect(session).toMatchObject({ visits: 0 });
    });
  });

  describe("cookie for browsers, bearer for others", () => {
    const options: Partial<SessionsOptions> = { transport: ["cookie", "bearer"], cookie: { secrets } };
    const cookieOf = (headers: Headers): string => headers.getSetCookie()[0]?.split(";")[0] ?? "";

    it("answers a client that says nothing by cookie, and one that asks by header", async () => {
      const { ask } = await serve(host, options);
      const browser = await ask("/visit");
      expect([browser.headers.getSetCookie().length, browser.headers.get("session-token")]).toEqual([
        1,
        null,
      ]);
      const mobile = await ask("/visit", { authorization: "Bearer" });
      expect([mobile.headers.getSetCookie(), mobile.headers.get("vary")]).toEqual([
        [],
        "Cookie, Authorization",
      ]);
      const authorization = `Bearer ${mobile.headers.get("session-token")}`;
      const login = await ask("/login", { authorization });
      expect([login.headers.getSetCookie(), login.headers.get("session-token")]).toEqual([
        [],
        expect.stringMatching(/^[\w-]{43}\./),
      ]);
      const loggedIn = await ask("/login", { cookie: cookieOf(browser.headers) });
      expect([loggedIn.headers.getSetCookie().length, loggedIn.headers.get("session-token")]).toEqual([
        1,
        null,
      ]);
    });

    it("takes the first that brings a token, and never tells a script the token of a cookie", async () => {
      const { ask } = await serve(host, options);
      const cookie = cookieOf((await ask("/visit")).headers);
      const token = (await ask("/visit", { authorization: "Bearer" })).headers.get("session-token");
      const both = await ask("/visit", { cookie, authorization: `Bearer ${token}` });
      expect([both.session.visits, both.headers.get("session-token")]).toEqual([2, null]);
      const asked = await ask("/login", { cookie, authorization: "Bearer" });
      expect([asked.headers.getSetCookie().length, asked.headers.get("session-token")]).toEqual([1, null]);
    });

    it("refuses a signed token that was handed out the other way", async () => {
      const { ask, refused } = await serve(host, options);
      const value = cookieOf((await ask("/visit")).headers).split("=")[1];
      expect((await ask("/", { authorization: `Bearer ${value}` })).session).toMatchObject({ visits: 0 });
      const token = (await ask("/visit", { authorization: "Bearer" })).headers.get("session-token");
      expect((await ask("/", { cookie: `__Host-session=${token}` })).session).toMatchObject({ visits: 0 });
      expect(refused).toEqual(["signature", "signature"]);
    });

    it.each(["Basic YTpi", "Bearerx", "Digest a=b, c=d"])("leaves %s alone", async (authorization) => {
      const { ask, refused } = await serve(host, options);
      expect((await ask("/visit", { authorization })).headers.getSetCookie()).toHaveLength(1);
      expect(refused).toEqual([]);
    });
  });

  it("a transport of one's own gets what the built-in ones get", async () => {
    const transport: SessionTransport = {
      name: "twin",
      vary: ["X-One", "X-Two"],
      read: (request) => {
        const [one, two] = [request.header("x-one"), request.header("x-two")];
        if (one === undefined || two === undefined) return { kind: "none" };
        return { kind: "token", token: one + two };
      },
      handOut: (token, { permanent }) => [
        ["X-One", token.slice(0, 10)],
        ["X-Two", token.slice(10)],
        ["X-Keep", String(permanent)],
      ],
      forget: () => [["X-One", ""]],
    };
    const { ask } = await serve(host, { transport, cookie: { secrets } });
    const { headers } = await ask("/visit");
    expect([headers.get("vary"), headers.get("cache-control"), headers.get("x-keep")]).toEqual([
      "X-One, X-Two",
      "no-store",
      "false",
    ]);
    const given = { "x-one": headers.get("x-one") ?? "", "x-two": headers.get("x-two") ?? "" };
    expect((await ask("/", given)).session).toMatchObject({ visits: 1 });
    expect((await ask("/remember", given)).headers.get("x-keep")).toBe("true");
    expect((await ask("/", { ...given, "x-one": "A".repeat(10) })).session).toMatchObject({ visits: 0 });
  });
});

describe("refused at the start", () => {
  it.each<[string, { given: TransportOption | TransportOption[] }]>([
    ["no transport", { given: [] }],
    ["one transport twice", { given: ["cookie", "cookie"] }],
    ["one header twice", { given: [{ header: "X-Id" }, { header: "x-id" }] }],
    ["a name that is none", { given: { header: "a b" } }],
    ["a header of another meaning", { given: { header: "Set-Cookie" } }],
  ])("%s", (_name, { given }) => {
    expect(() => setup({ transport: given })).toThrow(
      expect.objectContaining({ code: "transport/invalid-option" }),
    );
  });

  it("sessions that travel in the cookie itself, in anything else", async () => {
    const { sessions } = setup({ store: cookieStore({ secrets }), transport: ["cookie", "bearer"] });
    await expect(sessions.open(undefined)).rejects.toMatchObject({ code: "transport/invalid-option" });
  });
});

describe("headers are taken as", () => {
  it.each<[string, (token: string) => Parameters<Opened["open"]>[0]]>([
    ["Headers", (token) => new Headers({ "x-id": token })],
    ["those of Node", (token) => ({ "x-id": token })],
    ["lists of values", (token) => ({ "x-id": [token] })],
  ])("%s", async (_name, given) => {
    const { sessions } = setup({ transport: { header: "x-id" } });
    const session = await sessions.open(undefined);
    session.visits = 1;
    expect(await session.$commit()).toEqual([]);
    const [[, token = ""] = []] = session.$headers;
    expect((await sessions.open(given(token))).visits).toBe(1);
    expect((await sessions.open(token)).visits).toBe(0);
  });
});
