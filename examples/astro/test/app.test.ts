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
testInBrowser(host, { running: () => running, image: "astro", isLoadedAnew: true });

/** Somebody with a browser without scripts. */
function visitor(): { client: Client; page(path: string): Promise<string>; visits(): Promise<number> } {
  const client = clientsOf(running.origin)();
  return {
    client,
    page: async (path) => (await (await client.send(path)).text()).replaceAll("&#39;", "'"),
    visits: async () => Number(/Visits: (\d+)/.exec(await (await client.send("/")).text())?.[1]),
  };
}

/** Sends a form of the application's page, or of another site's. */
function post(client: Client, path: string, fields: Readonly<Record<string, string>>, headers = {}) {
  return client.send(path, {
    method: "POST",
    headers: { origin: running.origin, ...headers },
    body: new URLSearchParams(fields),
  });
}

describe("an action", () => {
  it("by a form, is saved before the page's redirect, with a new id at login", async () => {
    const { client, page } = visitor();
    await page("/");
    const before = await client.cookie();
    const response = await post(client, "/?_action=login", { name: "Ada" });
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

  it("by a script, does the same", async () => {
    const { client, page } = visitor();
    const response = await post(client, "/_actions/login", { name: "Ada" });
    expect(response.status).toBe(204);
    expect(response.headers.getSetCookie()).toHaveLength(1);
    expect(await page("/")).toContain("Ada's shop");
  });

  it("shows what the schema refuses, and saves nothing of it", async () => {
    const { client, page } = visitor();
    const response = await post(client, "/?_action=add", { sku: "tea", quantity: "0" });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("session.cart[0].quantity");
    expect(await page("/")).not.toContain("× tea");
    const added = await post(client, "/?_action=add", { sku: "tea", quantity: "2" });
    expect(await added.text()).toContain("2 × tea");
  });

  it.each<[string, { given: Readonly<Record<string, string>> }]>([
    ["another site", { given: { origin: "https://evil.example" } }],
    ["a page without an origin", { given: { origin: "null" } }],
  ])("is not reached from %s", async (_name, { given }) => {
    const { client, page } = visitor();
    await page("/");
    const before = await client.cookie();
    const response = await post(client, "/?_action=login", { name: "Ada" }, given);
    expect(response.status).toBe(403);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(await client.cookie()).toBe(before);
    expect(await page("/")).toContain("A small shop");
  });
});

describe("a page", () => {
  it("is answered 503 without a store", async () => {
    const { client, page } = visitor();
    await page("/");
    await withoutStore(running.database, async () => {
      const response = await client.send("/");
      expect(response.status).toBe(503);
      expect(await response.text()).toBe("The session could not be opened or saved.");
    });
  });

  it("leaves when all of its components are rendered, which may write", async () => {
    const { client, page, visits } = visitor();
    expect(await page("/host/parts")).toMatch(/Written: saved<.*Visits: 1</s);
    expect(await client.cookie()).not.toBe("");
    expect(await visits()).toBe(2);
  });

  it("of which a component fails, is the page of errors, with what was written before", async () => {
    const { client, visits } = visitor();
    const response = await client.send("/host/failing");
    expect([response.status, await response.text()]).toEqual([
      500,
      expect.stringContaining("Something went wrong"),
    ]);
    expect(response.headers.getSetCookie()).toHaveLength(1);
    expect(await visits()).toBe(2);
    // Whoever has the cookie: Astro has the error by itself.
    const next = await client.send("/host/failing");
    expect([next.status, await next.text()]).toEqual([500, expect.stringContaining("The component failed")]);
    expect(await visits()).toBe(4);
  });

  it("that is rewritten to another has one session, and one cookie", async () => {
    const { client, visits } = visitor();
    const response = await client.send("/host/rewritten");
    expect(await response.json()).toMatchObject({ visits: 2 });
    expect(response.headers.getSetCookie()).toHaveLength(1);
    expect(await visits()).toBe(3);
  });

  it("that is prerendered has no session, and says what to do; its server island has the visitor's", async () => {
    const { client, page, visits } = visitor();
    const html = await page("/host/prerendered");
    expect(html).toContain(
      "Read: /host/prerendered is prerendered, when there is no visitor: add `export const prerender = false` [session/prerendered]",
    );
    expect(await client.cookie()).toBe("");
    const island = /\/_server-islands\/Late[^"'\s]*/.exec(html)?.[0].replaceAll("&amp;", "&") ?? "";
    expect(await page(island)).toContain("Written: saved");
    expect(await visits()).toBe(2);
  });
});

describe("middleware that comes after the session's", () => {
  it.each<[string, { given: string; want: { status: number; visits: number } }]>([
    ["redirects", { given: "returned", want: { status: 303, visits: 1 } }],
    ["rewrites", { given: "rewritten", want: { status: 200, visits: 2 } }],
    ["fails", { given: "failed", want: { status: 500, visits: 1 } }],
    ["puts its own in the place of the session", { given: "taken", want: { status: 500, visits: 1 } }],
  ])("%s, and what it wrote is saved", async (_name, { given, want }) => {
    for (const known of [false, true]) {
      const { client, visits } = visitor();
      const before = known ? await visits() : 0;
      const response = await client.send(`/host/guard/${given}`);
      expect(response.status).toBe(want.status);
      await response.text();
      expect(await visits()).toBe(before + want.visits + 1);
    }
  });
});

describe("the middleware's options", () => {
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

  it("onError is told, and answers", async () => {
    const { client, page } = visitor();
    await page("/");
    await withoutStore(running.database, async () => {
      const response = await client.send("/host/options/used");
      expect([response.status, await response.text()]).toEqual([
        503,
        "store/not-migrated at /host/options/used",
      ]);
    });
  });

  it("stream lets a page leave at once: its components change what takes no cookie", async () => {
    const seen = async (client: Client) => {
      const response = await client.send("/host/options/streamed");
      expect(response.headers.get("vary")).toContain("Cookie");
      expect(response.headers.get("cache-control")).toBe("private, no-cache");
      // The page's headers are here: now its component may go on.
      await client.send("/host/options/go-on");
      return /Written: ([^<]*)/.exec(await response.text())?.[1];
    };
    const [stranger, known] = [visitor(), visitor()];
    expect(await known.visits()).toBe(1);
    expect([await seen(stranger.client), await seen(known.client)]).toEqual([
      "session/headers-sent",
      "saved",
    ]);
    expect([await stranger.visits(), await known.visits()]).toEqual([1, 3]);
  });
});
