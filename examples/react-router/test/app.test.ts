import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testInBrowser } from "../../../test/frameworks/browser.js";
import type { Running } from "../../../test/frameworks/host.js";
import { testHost } from "../../../test/frameworks/suite.js";
import { withoutStore } from "../../../test/frameworks/without-store.js";
import { formClient } from "../../next/test/forms.js";
import { host } from "./host.js";

// Built and started once for all of this file.
let running: Running;
beforeAll(async () => {
  running = await host.start();
});
afterAll(() => running.close());

testHost({ ...host, start: async () => ({ ...running, close: async () => {} }) });
testInBrowser(host, { running: () => running, image: "react-router" });

describe("a page", () => {
  it("is used without JavaScript", async () => {
    const visitor = formClient(running.origin);
    expect(await visitor.page("/")).toContain("Visits: 1");
    const before = await visitor.cookie();
    const response = await visitor.press("/?index", "Log in", { name: "Ada", intent: "login" });
    expect([response.status, response.headers.get("location")]).toEqual([302, "/"]);
    expect(await visitor.cookie()).not.toBe(before);
    expect(await visitor.page("/")).toContain("Ada's shop Welcome, Ada Visits: 3");
    expect(await visitor.page("/")).not.toContain("Welcome");
    // The action and the loaders of the page after it are one request, with one session.
    const added = await visitor.press("/?index", "Add tea", { sku: "tea" });
    expect([added.status, await added.text()]).toEqual([
      200,
      expect.stringMatching(/1<!-- --> × <!-- -->tea/),
    ]);
    expect(await visitor.page("/")).toContain("1 × tea");
  });

  it("answers what the schema forbids, found when the session is saved, and saves nothing", async () => {
    const visitor = formClient(running.origin);
    const sku = "x".repeat(41);
    const response = await visitor.press("/?index", "Add tea", { sku });
    expect([response.status, await response.text()]).toEqual([
      500,
      expect.stringContaining("<h1>500 The session could not be opened or saved.</h1>"),
    ]);
    expect(await visitor.page("/")).not.toContain(sku);
  });

  it("goes to the root's ErrorBoundary without a store, as data for its scripts do", async () => {
    const visitor = formClient(running.origin);
    await visitor.page("/");
    await withoutStore(running.database, async () => {
      for (const path of ["/", "/_root.data"]) {
        const response = await visitor.send(path);
        expect([response.status, await response.text()]).toEqual([
          503,
          expect.stringContaining("The session could not be opened or saved."),
        ]);
      }
    });
    expect(await visitor.page("/")).toContain("Visits: 2");
  });
});

describe("what was written for createSessionStorage", () => {
  it("has the session of the request, and its one cookie", async () => {
    const visitor = formClient(running.origin);
    const see = async () => (await visitor.send("/api/host/storage")).json();
    const post = (body = "") => visitor.send("/api/host/storage", { method: "POST", body });
    expect(await see()).toMatchObject({ isNew: true, had: false, all: { visits: 1 } });
    const before = await visitor.cookie();
    expect((await post()).status).toBe(200);
    expect(await see()).toEqual({
      ...{ isNew: false, had: true, notice: "Saved", later: "Saved" },
      all: { cart: [], visits: 3, device: "a telephone", notice: "Saved" },
    });
    expect(await see()).toMatchObject({ had: false, all: { visits: 4 } });
    expect((await post("destroy")).headers.getSetCookie()).toEqual([expect.stringMatching(/Max-Age=0/i)]);
    expect(await visitor.cookie()).toBe("");
    expect(before).not.toBe("");
  });

  it("sends the cookie once", async () => {
    const response = await formClient(running.origin).send("/api/host/storage");
    expect(response.headers.getSetCookie()).toEqual([expect.stringMatching(/session=[\w-]{43};/)]);
  });
});
