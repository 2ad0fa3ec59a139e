import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testInBrowser } from "../../../test/frameworks/browser.js";
import { clientsOf } from "../../../test/frameworks/client.js";
import type { Running } from "../../../test/frameworks/host.js";
import { testHost } from "../../../test/frameworks/suite.js";
import { formClient } from "./forms.js";
import { host } from "./host.js";

// Built and started once for all of this file.
let running: Running;
beforeAll(async () => {
  running = await host.start();
});
afterAll(() => running.close());

testHost({ ...host, start: async () => ({ ...running, close: async () => {} }) });
testInBrowser(host, { running: () => running, image: "next" });

describe("a page", () => {
  it("has the session as the proxy before it has left it, and the browser gets its cookie", async () => {
    const visitor = formClient(running.origin);
    expect(await visitor.page("/")).toContain("Visits: 1");
    expect(await visitor.page("/")).toContain("Visits: 2");
  });

  it("cannot write, not even past the compiler", async () => {
    const visitor = formClient(running.origin);
    await visitor.page("/");
    const text = await visitor.page("/host/reading");
    expect(JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1))).toEqual({
      ...{ assigned: "session/read-only", removed: "session/read-only", inPlace: "TypeError" },
      ...{ committed: "session/read-only", acted: "session/read-only", same: true },
    });
    expect(await visitor.page("/")).toContain("Visits: 2");
  });

  it("shows a flash field once", async () => {
    const visitor = formClient(running.origin);
    const response = await visitor.press("/", "Log in", { name: "Ada" });
    expect(response.status).toBe(303);
    expect(await visitor.page("/")).toContain("Welcome, Ada");
    // It ends when the page has been sent; a client may be faster than that.
    await expect.poll(() => visitor.page("/")).not.toContain("Welcome");
  });
});

describe("a Server Action", () => {
  it("gives a new id at login, whose attributes are all there", async () => {
    const visitor = formClient(running.origin);
    await visitor.page("/");
    const before = await visitor.cookie();
    const response = await visitor.press("/", "Log in", { name: "Ada" });
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=lax$/i),
    ]);
    expect(await visitor.cookie()).not.toBe(before);
    expect(await visitor.page("/")).toContain("Ada's shop");
  });

  it.each<[string, { given: string; want: { status: number; visits: number } }]>([
    ["saves", { given: "nothing", want: { status: 200, visits: 1 } }],
    ["saves before redirect()", { given: "redirect", want: { status: 303, visits: 1 } }],
    ["saves before notFound()", { given: "not-found", want: { status: 404, visits: 1 } }],
    ["saves what actions do that call each other", { given: "twice", want: { status: 200, visits: 2 } }],
    ["saves nothing when it fails", { given: "error", want: { status: 500, visits: 0 } }],
  ])("%s", async (_name, { given, want }) => {
    const visitor = formClient(running.origin);
    const response = await visitor.press("/host/actions", given);
    expect(response.status).toBe(want.status);
    // The page that is shown after it has what it has written.
    if (want.status === 200) expect(await response.text()).toContain(`Visits: <!-- -->${want.visits}`);
    expect(await visitor.page("/host/actions")).toContain(`Visits: ${want.visits}`);
  });
});

describe("a Route Handler", () => {
  it("saves before notFound()", async () => {
    const visitor = clientsOf(`${running.origin}/api`)();
    expect((await visitor.send("/host/not-found")).status).toBe(404);
    expect(await visitor.get("/")).toMatchObject({ visits: 2 });
  });
});
