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
afterAll(() => running.close());

testHost({ ...host, start: async () => ({ ...running, close: async () => {} }) });
testInBrowser(host, { running: () => running, image: "sveltekit" });

/** Somebody with a browser without scripts. */
function visitor(): { client: Client; page(path: string): Promise<string>; visits(): Promise<number> } {
  const client = clientsOf(running.origin)();
  return {
    client,
    page: async (path) => (await client.send(path)).text(),
    visits: async () => Number(/Visits: (\d+)/.exec(await (await client.send("/")).text())?.[1]),
  };
}

/** Sends a form of the application's page, or of another site's. */
function post(client: Client, path: string, fields: Readonly<Record<string, string>>, headers = {}) {
  return client.send(path, {
    method: "POST",
    headers: { origin: running.origin, accept: "text/html", ...headers },
    body: new URLSearchParams(fields),
  });
}

describe("a form action", () => {
  it("saves before it redirects, and gives a new id at login", async () => {
    const { client, page } = visitor();
    await page("/");
    const before = await client.cookie();
    const response = await post(client, "/?/login", { name: "Ada" });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/"]);
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
    expect(await client.cookie()).not.toBe(before);
    const first = await page("/");
    expect(first).toContain("Ada's shop");
    expect(first).toContain("Welcome, Ada");
    expect(await page("/")).not.toContain("Welcome");
  });

  it("does the same for SvelteKit's scripts in the page", async () => {
    const { client, page } = visitor();
    const headers = { accept: "application/json", "x-sveltekit-action": "true" };
    const response = await post(client, "/?/login", { name: "Ada" }, headers);
    expect(await response.json()).toEqual({ type: "redirect", status: 303, location: "/" });
    expect(response.headers.getSetCookie()).toHaveLength(1);
    expect(await page("/")).toContain("Ada's shop");
  });

  it("shows what the schema refuses, and saves nothing of it", async () => {
    const { client, page } = visitor();
    const response = await post(client, "/?/add", { sku: "tea", quantity: "0" });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("session.cart[0].quantity");
    expect(await page("/")).not.toContain("× tea");
    const added = await post(client, "/?/add", { sku: "tea", quantity: "2" });
    expect(await added.text()).toContain("2 × tea");
  });

  it.each<[string, { given: Readonly<Record<string, string>> }]>([
    ["another site", { given: { origin: "https://evil.example" } }],
    ["a page without an origin", { given: { origin: "null" } }],
  ])("is not reached from %s", async (_name, { given }) => {
    const { client, page } = visitor();
    await page("/");
    const before = await client.cookie();
    const response = await post(client, "/?/login", { name: "Ada" }, given);
    expect(response.status).toBe(403);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(await client.cookie()).toBe(before);
    expect(await page("/")).toContain("A small shop");
  });
});

describe("a page", () => {
  it("is answered 503 without a store, by SvelteKit's own error page", async () => {
    const { client, page } = visitor();
    await page("/");
    await withoutStore(running.database, async () => {
      const response = await client.send("/", { headers: { accept: "text/html" } });
      expect(response.status).toBe(503);
      expect(await response.text()).toContain("Service Unavailable");
      const data = await client.send("/__data.json");
      expect([data.status, await data.json()]).toEqual([503, { message: "Service Unavailable" }]);
    });
  });

  it("that is prerendered has no session", async () => {
    const { client, page } = visitor();
    expect(await page("/host/prerendered")).toContain("Written: session/disabled");
    expect(await client.cookie()).toBe("");
  });

  it("keeps what a route writes that it fetches from the application itself", async () => {
    const { page, visits } = visitor();
    expect(await visits()).toBe(1);
    expect(await page("/host/fetching")).toContain("The route saw 2");
    expect(await visits()).toBe(4);
  });
});

describe("a hook that comes after the session's", () => {
  const redirect = { type: "redirect", status: 303, location: "/" };

  it.each<[string, { given: string; want: { status: number; json?: object; visits: number } }]>([
    ["redirects by what it throws", { given: "thrown", want: { status: 303, visits: 1 } }],
    ["redirects by what it returns", { given: "returned", want: { status: 303, visits: 1 } }],
    [
      "redirects SvelteKit's scripts by what it throws",
      { given: "thrown/__data.json", want: { status: 200, json: redirect, visits: 1 } },
    ],
    [
      "redirects SvelteKit's scripts by what it returns",
      { given: "returned/__data.json", want: { status: 200, json: redirect, visits: 1 } },
    ],
    ["answers with an error", { given: "forbidden", want: { status: 403, visits: 1 } }],
    ["puts its own in the place of the session", { given: "taken", want: { status: 500, visits: 0 } }],
    ["fails, and nothing is saved", { given: "failed", want: { status: 500, visits: 0 } }],
  ])("%s", async (_name, { given, want }) => {
    for (const known of [false, true]) {
      const { client, visits } = visitor();
      const before = known ? await visits() : 0;
      const response = await client.send(`/host/guard/${given}`);
      expect(response.status).toBe(want.status);
      if (want.json !== undefined) expect(await response.json()).toEqual(want.json);
      else await response.text();
      expect(await visits()).toBe(before + want.visits + 1);
    }
  });
});

describe("the hook's options", () => {
  it("skip asks no store, and sets no cookie", async () => {
    const { client, page, visits } = visitor();
    await page("/");
    await withoutStore(running.database, async () => {
      const response = await client.send("/host/options/skipped");
      expect(await response.json()).toEqual({ visits: 0 });
      expect(response.headers.getSetCookie()).toEqual([]);
    });
    expect(await visits()).toBe(2);
  });

  it("onError is told, and gives what the error page shows", async () => {
    const { client, page } = visitor();
    await page("/");
    await withoutStore(running.database, async () => {
      const response = await client.send("/host/options/used", { headers: { accept: "application/json" } });
      expect(response.status).toBe(503);
      expect(await response.json()).toEqual({ message: "store/not-migrated at /host/options/used" });
    });
  });
});
