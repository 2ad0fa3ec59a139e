import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { goBack, newPage } from "../../../services/browser.js";
import { serviceUrl } from "../../../services/client.js";
import { withSession } from "../../src/http/fetch.js";
import { attachSession } from "../../src/http/node.js";
import type { SessionsOptions } from "../../src/index.js";
import { type Session, setup } from "../session/support/fixture.js";
import { listen } from "./listen.js";

const chromium = await serviceUrl("chromium");

/** What the application says of a page by itself. */
interface Said {
  readonly cacheControl?: string;
}

const hosts = ["node:http", "Fetch"] as const;

/** A page that greets the user, and tells whether it came out of the back/forward cache. */
async function page(session: Session, path: string): Promise<string> {
  if (path === "/login") session.user = "ada";
  if (path === "/logout") await session.$destroy();
  const greeting = path === "/about" ? "about" : `hello ${session.user ?? "nobody"}`;
  return `<title>new</title><body>${greeting}<script>
addEventListener("pageshow", ({ persisted }) => { if (persisted) document.title = "kept"; });</script>`;
}

/** @param said - for every page but the login's and the logout's */
async function serve(
  host: (typeof hosts)[number],
  { cacheControl }: Said = {},
  options: Partial<SessionsOptions> = {},
): Promise<{ origin: string; asked: string[] }> {
  const { sessions } = setup({ clock: Date.now, ...options });
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const { url = "/", headers } = request;
    if (url === "/favicon.ico") {
      response.writeHead(404).end();
      return;
    }
    asked.push(url);
    const said = url.startsWith("/log") ? undefined : cacheControl;
    if (host === "node:http") {
      const session = await attachSession(sessions, request, response);
      response.setHeader("content-type", "text/html");
      if (said !== undefined) response.setHeader("cache-control", said);
      response.end(await page(session, url));
      return;
    }
    const sent = new Request(`http://${headers.host}${url}`, { headers: { cookie: headers.cookie ?? "" } });
    const answer = await withSession(sessions, sent, async (session) => {
      const named: Record<string, string> = { "content-type": "text/html" };
      if (said !== undefined) named["cache-control"] = said;
      return new Response(await page(session, url), { headers: named });
    });
    response.setHeaders(answer.headers);
    response.end(await answer.text());
  });
  return { origin: `http://localhost:${await listen(server)}`, asked };
}

describe.each(hosts)("the Cache-Control of a page, %s", (host) => {
  it.each<[string, { given: { path: string; user: boolean; said?: string }; want: string | null }]>([
    ["with a user in the session", { given: { path: "/", user: true }, want: "no-store" }],
    ["without one", { given: { path: "/", user: false }, want: "private, no-cache" }],
    ["that did not look at the session", { given: { path: "/about", user: true }, want: null }],
    [
      "of which the application says something",
      { given: { path: "/", user: true, said: "max-age=9" }, want: "max-age=9" },
    ],
  ])("%s", async (_name, { given, want }) => {
    const { origin } = await serve(host, given.said === undefined ? {} : { cacheControl: given.said });
    const login = await fetch(`${origin}/login`);
    expect(login.headers.get("cache-control")).toBe("no-store");
    const [cookie = ""] = login.headers.getSetCookie();
    const response = await fetch(`${origin}${given.path}`, { headers: given.user ? { cookie } : {} });
    expect(response.headers.get("cache-control")).toBe(want);
  });

  it("Clear-Site-Data goes with the end of the session where the config says so, and nowhere else", async () => {
    for (const [clearCache, want] of [
      [true, '"cache"'],
      [false, null],
    ] as const) {
      const { origin } = await serve(host, {}, { cookie: { clearCache } });
      const login = await fetch(`${origin}/login`);
      expect(login.headers.get("clear-site-data")).toBeNull();
      const [cookie = ""] = login.headers.getSetCookie();
      const logout = await fetch(`${origin}/logout`, { headers: { cookie } });
      expect(logout.headers.get("clear-site-data")).toBe(want);
    }
  });
});

describe.skipIf(chromium === "").each(hosts)("Back after logout in Chromium, %s", (host) => {
  /** Logs in, looks at a page, logs out and goes back to it. */
  async function visit(origin: string): Promise<{ shown: string; title: string }> {
    const page = await newPage(chromium);
    for (const path of ["/login", "/", "/logout"]) await page.goto(`${origin}${path}`);
    await goBack(page);
    return { shown: (await page.locator("body").innerText()).trim(), title: await page.title() };
  }

  it("shows nothing of the user", async () => {
    const { origin, asked } = await serve(host);
    expect(await visit(origin)).toEqual({ shown: "hello nobody", title: "new" });
    expect(asked).toEqual(["/login", "/", "/logout", "/"]);
  });

  it("shows it where the application lets browsers keep the page: the test can fail", async () => {
    const { origin, asked } = await serve(host, { cacheControl: "private, no-cache" });
    expect(await visit(origin)).toEqual({ shown: "hello ada", title: "kept" });
    expect(asked).toEqual(["/login", "/", "/logout"]);
  });

  it.each([
    [false, 1],
    [true, 2],
  ])("with cookie.clearCache %s, what may be kept is asked for %i times", async (clearCache, want) => {
    const { origin, asked } = await serve(host, { cacheControl: "max-age=600" }, { cookie: { clearCache } });
    const page = await newPage(chromium);
    for (const path of ["/about", "/login", "/logout", "/about"]) await page.goto(`${origin}${path}`);
    expect(asked.filter((path) => path === "/about")).toHaveLength(want);
  });
});
