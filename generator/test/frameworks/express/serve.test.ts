import { once } from "node:events";
import type { Server } from "node:http";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { compile, tsconfig } from "../../support/compiled.js";
import { config, project } from "../../support/project.js";

const application = `import express, { type Express } from "express";
import { session } from "./session/express.js";

/** A shop, directly on the network or behind a proxy that is believed. */
export function shop(trustProxy: boolean): Express {
  const app = express();
  app.set("trust proxy", trustProxy);
  app.use(session());
  app.get("/", (request, response) => {
    response.json({ user: request.session.user ?? null });
  });
  app.post("/login", (request, response) => {
    request.session.user = "ada";
    response.json({});
  });
  app.post("/logout", async (request, response) => {
    await request.session.$destroy();
    response.json({});
  });
  return app;
}
`;

/** Sends a request, and gives the answer once all of it is there. */
type Client = (path: string, headers?: Record<string, string>, method?: string) => Promise<Answer>;

interface Answer {
  readonly headers: Headers;
  readonly body: unknown;
}

/** Emits, compiles and imports a shop with these options; gives clients of servers that run it. */
async function shop(options: string): Promise<(trustProxy: boolean) => Promise<Client>> {
  const rest = `backend: { kind: "memory" }, frameworks: ["express"], fields: { user: { regenerate: "on-change" } }, ${options}`;
  const user = project({
    "session.config.ts": config("user: z.string().optional()", rest),
    "src/app.ts": application,
    "tsconfig.json": tsconfig,
  });
  expect(await user.run("--no-cache")).toMatchObject({ code: 0, err: "" });
  expect(compile(user)).toEqual([]);
  const emitted = await import(pathToFileURL(`${user.root}/src/app.ts`).href);
  return async (trustProxy) => {
    const server: Server = emitted.shop(trustProxy).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const address = server.address();
    const origin = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
    return async (path, headers = {}, method = "GET") => {
      const response = await fetch(`${origin}${path}`, {
        method,
        headers: { connection: "close", ...headers },
      });
      expect(response.status).toBe(200);
      return { headers: response.headers, body: await response.json() };
    };
  };
}

const ada = { user: "ada" };
const nobody = { user: null };
const cookieOf = ({ headers }: Answer): string => headers.getSetCookie()[0]?.split(";")[0] ?? "";

describe("emitted Express glue, served", () => {
  it("with a bearer token: logs in, is known, logs out", async () => {
    const request = await (await shop('transport: "bearer"'))(false);
    const bearer = (answer: Answer) => ({ authorization: `Bearer ${answer.headers.get("session-token")}` });
    const login = await request("/login", {}, "POST");
    expect(login.headers.get("session-token")).toMatch(/^[\w-]{43}$/);
    expect(Date.parse(login.headers.get("session-token-expires") ?? "")).toBeGreaterThan(Date.now());
    expect(login.headers.get("vary")).toContain("Authorization");
    expect(login.headers.get("cache-control")).toBe("no-store");
    expect(login.headers.getSetCookie()).toEqual([]);

    expect((await request("/", bearer(login))).body).toEqual(ada);
    expect((await request("/")).body).toEqual(nobody);

    const logout = await request("/logout", bearer(login), "POST");
    expect(logout.headers.get("session-token")).toBe("");
    expect((await request("/", bearer(login))).body).toEqual(nobody);
  });

  it.each<[string, { given: { trustProxy: boolean; headers?: Record<string, string> }; want: boolean }]>([
    ["plain to a server that trusts no proxy", { given: { trustProxy: false }, want: false }],
    [
      "by a client that claims TLS to a server that trusts no proxy",
      { given: { trustProxy: false, headers: { "x-forwarded-proto": "https" } }, want: false },
    ],
    [
      "by TLS to a proxy that is trusted",
      { given: { trustProxy: true, headers: { "x-forwarded-proto": "https" } }, want: true },
    ],
    [
      "plain to a proxy that is trusted",
      { given: { trustProxy: true, headers: { "x-forwarded-proto": "http" } }, want: false },
    ],
  ])('with secure: "auto", a request that came %s: Secure as it came', async (_name, { given, want }) => {
    const request = await (await shop('cookie: { secure: "auto" }'))(given.trustProxy);
    const login = await request("/login", given.headers, "POST");
    const [cookie = ""] = login.headers.getSetCookie();
    expect(cookie).toMatch(/^session=[\w-]{43}; .*HttpOnly/);
    expect(cookie.includes("; Secure")).toBe(want);
    expect((await request("/", { ...given.headers, cookie: cookieOf(login) })).body).toEqual(ada);
  });

  describe("bound to the network", () => {
    const binding = 'binding: { network: { ipv4: 24, ipv6: 48 }, onMismatch: "anonymous" }';
    const from = (address: string) => ({ "x-forwarded-for": address });

    it("of the client, as a trusted proxy tells: another one gets an anonymous session", async () => {
      const request = await (await shop(binding))(true);
      const login = await request("/login", from("203.0.113.7"), "POST");
      const cookie = cookieOf(login);
      expect((await request("/", { cookie, ...from("203.0.113.99") })).body).toEqual(ada);
      const stolen = await request("/", { cookie, ...from("198.51.100.7") });
      expect(stolen.body).toEqual(nobody);
      // Whom it fits keeps it.
      expect((await request("/", { cookie, ...from("203.0.113.7") })).body).toEqual(ada);
    });

    it("of the connection, where no proxy is trusted, whatever the client claims", async () => {
      const served = await shop(binding);
      const request = await served(false);
      const cookie = cookieOf(await request("/login", from("203.0.113.7"), "POST"));
      expect((await request("/", { cookie, ...from("198.51.100.7") })).body).toEqual(ada);
      // The same sessions behind a proxy: the client's own address is another one than the connection's.
      const behind = await served(true);
      expect((await behind("/", { cookie, ...from("203.0.113.7") })).body).toEqual(nobody);
    });
  });
});
