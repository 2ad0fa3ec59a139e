import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testInBrowser } from "../../../test/frameworks/browser.js";
import { type Client, clientsOf } from "../../../test/frameworks/client.js";
import type { Running } from "../../../test/frameworks/host.js";
import { testHost } from "../../../test/frameworks/suite.js";
import { withoutStore } from "../../../test/frameworks/without-store.js";
import { host } from "./host.js";

// Built and started once for all of this file.
let running: Running;
beforeAll(async () => {
  running = await host.start();
});
afterAll(() => running?.close());

testHost({ ...host, start: async () => ({ ...running, close: async () => {} }) });
testInBrowser(host, { running: () => running, image: "nuxt" });

/** Somebody with a browser without scripts, who may be logged in. */
async function visitor(name?: string): Promise<{ client: Client; page(path: string): Promise<string> }> {
  const client = clientsOf(running.origin)();
  if (name !== undefined) {
    const { token } = await client.get<{ token: string }>("/api/csrf");
    const headers = { "content-type": "application/json", "x-csrf-token": token };
    await client.send("/api/login", { method: "POST", headers, body: JSON.stringify({ name }) });
  }
  return { client, page: async (path) => (await client.send(path)).text() };
}

describe("a page", () => {
  it("is rendered with the session, which what it fetches from the application shares", async () => {
    const { client, page } = await visitor();
    const response = await client.send("/");
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
    expect(await response.text()).toContain("<p>Visits: 1</p>");
    expect(await page("/")).toContain("<p>Visits: 2</p>");
    expect(await client.get("/api/host/shared")).toEqual({ route: 4, here: 4 });
    expect(await page("/")).toContain("<p>Visits: 5</p>");
  });

  it("shows what the composable knows, and a message once", async () => {
    const { page } = await visitor("Ada");
    const first = await page("/");
    expect(first).toContain("<h1>Ada&#39;s shop</h1>");
    expect(first).toContain('<p role="status">Welcome, Ada</p>');
    expect(await page("/")).not.toContain("Welcome");
  });

  it("is answered 503 without a store, by Nuxt's own error page", async () => {
    const { client, page } = await visitor();
    await page("/");
    await withoutStore(running.database, async () => {
      const response = await client.send("/", { headers: { accept: "text/html" } });
      expect(response.status).toBe(503);
      const shown = await response.text();
      expect(shown).toContain("The session could not be opened or saved.");
      expect(shown).not.toMatch(/no such table/i);
      // A stranger's could not be saved.
      const other = await (await visitor()).client.send("/", { headers: { accept: "text/html" } });
      expect([other.status, other.headers.getSetCookie()]).toEqual([503, []]);
      expect(await other.text()).toContain("The session could not be opened or saved.");
    });
    expect(await page("/")).toContain("<p>Visits: 2</p>");
  });
});

it("what puts its own in the place of the session is refused", async () => {
  const { client } = await visitor();
  const response = await client.send("/api/host/taken");
  expect([response.status, response.headers.getSetCookie()]).toEqual([500, []]);
});

describe("the route of the composable", () => {
  it("tells what browsers may know, and ends the session", async () => {
    const { client } = await visitor("Ada");
    const response = await client.send("/api/session");
    expect(response.headers.get("cache-control")).toBe("no-store");
    const user = { id: expect.any(String), name: "Ada", roles: ["member"] };
    expect(await response.json()).toEqual({ user, notice: "Welcome, Ada" });
    const ended = await client.send("/api/session", { method: "DELETE" });
    expect([ended.status, await ended.json()]).toEqual([200, {}]);
    expect(await client.cookie()).toBe("");
    expect(await client.get("/api/session")).toEqual({});
    expect((await client.send("/api/session", { method: "PUT" })).status).toBe(405);
  });
});

// Nitro reads the answer to a request of its own, or to one of a server without sockets, when the
// handlers have ended.
describe("a request without a socket", () => {
  interface Answer {
    readonly status: number;
    readonly cookies: readonly string[];
    readonly vary: string | null;
    readonly body: unknown;
  }

  /** Asks a route that asks this path. */
  const ask = (client: Client, path: string) =>
    client.get<Answer>(`/api/local?path=${encodeURIComponent(path)}`);
  const visits = async (client: Client) => (await client.get<{ visits: number }>("/api")).visits - 1;
  const cookie = expect.stringMatching(/^__Host-session=[\w-]{43}; Path=\//);

  it("has the session of its cookie, and what it writes is saved", async () => {
    const { client } = await visitor();
    expect(await visits(client)).toBe(0);
    expect(await ask(client, "/api")).toMatchObject({ status: 200, body: { visits: 2 }, vary: "Cookie" });
    expect(await visits(client)).toBe(2);
  });

  it("of a stranger gets a cookie", async () => {
    const { client } = await visitor();
    expect(await ask(client, "/api")).toMatchObject({ cookies: [cookie], body: { visits: 1 } });
  });

  it.each([
    ["that is redirected by the handler itself", "/api/host/redirect", 303],
    ["that ends with an error", "/api/host/error", 500],
  ])("%s is saved", async (_name, path, status) => {
    const { client } = await visitor();
    await visits(client);
    expect(await ask(client, path)).toMatchObject({ status });
    expect(await visits(client)).toBe(2);
    expect(await ask((await visitor()).client, path)).toMatchObject({ status, cookies: [cookie] });
  });

  it("is answered 503 without a store", async () => {
    const { client } = await visitor();
    await withoutStore(running.database, async () => {
      for (const path of ["/api", "/api/host/redirect"])
        expect(await ask(client, path)).toMatchObject({ status: 503, cookies: [] });
    });
  });
});
