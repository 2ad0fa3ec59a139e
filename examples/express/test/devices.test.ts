import { deviceOf } from "example-shop";
import express from "express";
import makeFetchCookie from "fetch-cookie";
import { CookieJar } from "tough-cookie";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newPage } from "../../../services/browser.js";
import { serviceUrl } from "../../../services/client.js";
import { inFolder, serve } from "./serve.js";

const chromium = await serviceUrl("chromium");

inFolder();

let origin = "";
let close = async (): Promise<void> => {};
beforeAll(async () => {
  ({ origin, close } = await serve(express));
});
afterAll(() => close());

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/** A client with cookies of its own, logged in under that name. */
async function login(name: string, userAgent = firefox) {
  const send = makeFetchCookie(globalThis.fetch, new CookieJar());
  const post = async (path: string, body: Readonly<Record<string, string>> = {}) => {
    const { token } = (await (await send(`${origin}/csrf`)).json()) as { token: string };
    const headers = { accept: "text/html", "user-agent": userAgent };
    return send(`${origin}${path}`, {
      method: "POST",
      headers,
      body: new URLSearchParams({ ...body, csrf: token }),
    });
  };
  await post("/login", { name });
  return {
    post,
    page: async () => (await send(`${origin}/devices`, { headers: { accept: "text/html" } })).text(),
    user: async () => ((await (await send(`${origin}/`)).json()) as { user?: { name: string } }).user?.name,
  };
}

const handles = (page: string): string[] =>
  [...page.matchAll(/name="handle" value="([^"]+)"/g)].map(([, handle = ""]) => handle);

describe("the page of devices", () => {
  it("shows a user's sessions, and which one is theirs; nothing of others", async () => {
    const [here] = [await login("Ada"), await login("Ada", "curl/8"), await login("Eve")];
    const page = await here.page();
    expect(page).toContain("<h1>Where Ada is logged in</h1>");
    expect(page.match(/<li>Firefox on Linux, since .* <strong>this device<\/strong>/g)).toHaveLength(1);
    expect(page.match(/<li>Another program, since /g)).toHaveLength(1);
    expect(handles(page)).toHaveLength(1);
  });

  it("ends one session, and none of somebody else's", async () => {
    const [here, there, eve] = [await login("Bob"), await login("Bob"), await login("Mallory")];
    const [handle = ""] = handles(await here.page());
    await eve.post("/devices/end", { handle });
    expect(await there.user()).toBe("Bob");
    await here.post("/devices/end", { handle });
    expect([await here.user(), await there.user()]).toEqual(["Bob", undefined]);
    expect(handles(await here.page())).toEqual([]);
  });

  it("ends all of them", async () => {
    const [here, there, eve] = [await login("Cleo"), await login("Cleo"), await login("Mallory")];
    const response = await here.post("/devices/end-all");
    expect(await response.text()).toContain("<h1>Log in</h1>");
    expect([await here.user(), await there.user(), await eve.user()]).toEqual([
      undefined,
      undefined,
      "Mallory",
    ]);
  });

  it("escapes what users say of themselves", async () => {
    const page = await (await login("<script>alert(1)</script>")).page();
    expect(page).not.toContain("<script>");
    expect(page).toContain("&#60;script&#62;alert(1)");
  });

  it.each([
    ["Firefox on Linux", firefox],
    [
      "Edg on Windows",
      "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Edg/140.0 Safari/537.36",
    ],
    ["Safari on iPhone", "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/605.1"],
    ["Another program", undefined],
  ])("calls a device %s", (want, given) => {
    expect(deviceOf(given)).toBe(want);
  });
});

describe.skipIf(chromium === "")("the page of devices in Chromium", () => {
  it("logs out one device, then all of them", async () => {
    const [laptop, telephone] = [await newPage(chromium), await newPage(chromium)];
    for (const page of [laptop, telephone]) {
      await page.goto(`${origin}/devices`);
      await page.getByLabel("Name").fill("Grace");
      await page.getByRole("button", { name: "Log in" }).click();
      await page.getByRole("heading", { name: "Where Grace is logged in" }).waitFor();
    }
    await laptop.reload();
    expect(await laptop.getByRole("listitem").count()).toBe(2);
    expect(await laptop.getByText("Chrome on Linux").count()).toBe(2);
    expect(await laptop.getByText("this device").count()).toBe(1);

    await laptop.getByRole("button", { name: "Log out", exact: true }).click();
    await expect.poll(() => laptop.getByRole("listitem").count()).toBe(1);
    await telephone.reload();
    await telephone.getByRole("heading", { name: "Log in" }).waitFor();

    await telephone.getByLabel("Name").fill("Grace");
    await telephone.getByRole("button", { name: "Log in" }).click();
    await telephone.getByRole("heading", { name: "Where Grace is logged in" }).waitFor();
    await laptop.getByRole("button", { name: "Log out everywhere" }).click();
    await laptop.getByRole("heading", { name: "Log in" }).waitFor();
    await telephone.reload();
    await telephone.getByRole("heading", { name: "Log in" }).waitFor();
  });
});
