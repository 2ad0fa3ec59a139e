import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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
testInBrowser(host, { running: () => running, image: "tanstack-start" });

/** Somebody with a browser without scripts. */
function visitor(): { client: Client; page(path: string): Promise<string>; visits(): Promise<number> } {
  const client = clientsOf(running.origin)();
  const page = async (path: string) => (await (await client.send(path)).text()).replace(/<!--.*?-->/g, "");
  return { client, page, visits: async () => Number(/Visits: (\d+)/.exec(await page("/"))?.[1]) };
}

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

  it("whose loader redirects by a server function is saved before, with its cookie", async () => {
    const { client, visits } = visitor();
    const response = await client.send("/host/moved");
    expect([response.status, response.headers.get("location")]).toEqual([307, "/"]);
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await visits()).toBe(2);
  });

  it("whose loader fails is the router's page of errors, with what was written before", async () => {
    const { client, visits } = visitor();
    const response = await client.send("/host/failing");
    expect([response.status, await response.text()]).toEqual([
      500,
      expect.stringContaining("Something went wrong"),
    ]);
    expect(response.headers.getSetCookie()).toHaveLength(1);
    expect(await visits()).toBe(2);
  });

  it("that is prerendered has no session", async () => {
    const { client, page } = visitor();
    expect(await page("/host/prerendered")).toContain("Written: session/disabled");
    expect(await client.cookie()).toBe("");
  });
});

it("browsers get nothing of sessions but what loaders return", () => {
  const assets = join(running.database, "../../dist/client/assets");
  const scripts = readdirSync(assets).filter((name) => name.endsWith(".js"));
  expect(scripts.length).toBeGreaterThan(1);
  const text = scripts.map((name) => readFileSync(join(assets, name), "utf8")).join("\n");
  expect(text).toContain("A small shop");
  expect(
    text.match(/sessgen|SessionError|session\/[a-z-]+|store\/[a-z-]+|__Host-|sqlite|Goodbye/gi),
  ).toBeNull();
});

it("what puts its own in the place of the session is refused", async () => {
  const { client } = visitor();
  const response = await client.send("/api/host/taken");
  expect([response.status, response.headers.getSetCookie()]).toEqual([500, []]);
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
});
