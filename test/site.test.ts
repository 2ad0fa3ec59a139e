import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { listen } from "../runtime/test/http/listen.js";
import { newPage } from "../services/browser.js";
import { serviceUrl } from "../services/client.js";
import { checkAnchors } from "../site/.vitepress/anchors.mjs";
import { allPages, navigation, titleOf } from "../site/pages.mjs";

const site = fileURLToPath(new URL("../.cache/site", import.meta.url));

describe("the navigation", () => {
  const items = navigation().flatMap((group) => group.items);

  it("has every page of docs/ once, by its title", () => {
    const links = items.map(({ link }) => (link === "/" ? "index" : link.slice(1)));
    expect(links.sort()).toEqual(allPages());
    expect(items.map(({ text }) => text).filter((text) => text === "")).toEqual([]);
    expect(titleOf("guides/login")).toBe("Login and logout");
  });

  it("begins with where to begin", () => {
    expect(navigation()[0]?.items[1]).toEqual({ text: "First steps", link: "/first-steps" });
  });
});

describe("links to headings", () => {
  const folder = (files: Readonly<Record<string, string>>): string => {
    const root = mkdtempSync(join(tmpdir(), "sessgen-site-"));
    onTestFinished(() => rmSync(root, { recursive: true }));
    mkdirSync(join(root, "guides"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
    return root;
  };
  const one = '<h2 id="there">There</h2>';

  it.each([
    ["of a page beside", { given: '<a href="./one.html#there">', want: undefined }],
    ["of a page from the root", { given: '<a class="x" href="/one.html#there">', want: undefined }],
    ["of the page itself", { given: '<a href="#here" id="here">', want: undefined }],
    ["of another site", { given: '<a href="https://example.org/#x">', want: undefined }],
    ["that are not there", { given: '<a href="/one.html#gone">', want: "two.html: /one.html#gone" }],
    ["of a page that is not there", { given: '<a href="/three.html#x">', want: "/three.html#x" }],
  ])("%s", (_name, { given, want }) => {
    const check = () => checkAnchors(folder({ "one.html": one, "two.html": given }));
    if (want === undefined) expect(check).not.toThrow();
    else expect(check).toThrow(want);
  });
});

const url = await serviceUrl("chromium");
const isBuilt = existsSync(join(site, "index.html"));

// `npm run docs:site` builds it, in CI before the tests.
describe.skipIf(url === "" || (!isBuilt && process.env["CI"] !== "true"))("the site in Chromium", () => {
  const types: Readonly<Record<string, string>> = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
  };
  const serve: RequestListener = (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = join(site, decodeURIComponent(pathname === "/" ? "/index.html" : pathname));
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
    response.end(readFileSync(file));
  };
  const open = async (width: number) => {
    const base = `http://127.0.0.1:${await listen(createServer(serve))}`;
    const page = await newPage(url);
    await page.setViewportSize({ width, height: 844 });
    return { base, page };
  };

  it("has no page that scrolls sideways on a telephone", async () => {
    const { base, page } = await open(390);
    // The pages are whole without.
    await page.route(/\.(?:js|png)$/, (route) => route.abort());
    const wide: string[] = [];
    for (const name of allPages()) {
      await page.goto(`${base}/${name}.html`, { waitUntil: "domcontentloaded" });
      expect(await page.title()).not.toContain("404");
      const width = await page.evaluate("document.documentElement.scrollWidth");
      if (Number(width) > 390) wide.push(`${name}: ${width}`);
    }
    expect(wide).toEqual([]);
  });

  it("shows the whole text of every option on a telephone", async () => {
    const { base, page } = await open(390);
    await page.route(/\.(?:js|png)$/, (route) => route.abort());
    await page.goto(`${base}/config.html`, { waitUntil: "domcontentloaded" });
    const ends = await page
      .locator("td:last-child")
      .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().right));
    expect(ends.length).toBeGreaterThan(50);
    expect(ends.filter((end) => end > 390)).toEqual([]);
  });

  it("finds what is searched for", async () => {
    const { base, page } = await open(1280);
    await page.goto(`${base}/`);
    await page.getByRole("button", { name: "Search" }).click();
    await page.locator("#localsearch-input").fill("revokeAll");
    const found = page.locator("#localsearch-list a[href]");
    await found.first().waitFor();
    const pages = await found.evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    expect(pages.join()).toMatch(/security|operations|log-out-everywhere/);
    await found.first().click();
    await page.waitForURL((address) => address.pathname !== "/");
    expect(await page.locator(".vp-doc h1").count()).toBeGreaterThan(0);
  });

  it("leads from page to page by its menu, on a telephone too", async () => {
    const { base, page } = await open(390);
    await page.goto(`${base}/first-steps.html`);
    await page.getByRole("button", { name: "Menu" }).click();
    await page.locator("#VPSidebarNav").getByRole("link", { name: "Login and logout" }).click();
    await page.waitForURL(/guides\/login/);
    await expect.poll(() => page.locator("h1").textContent()).toContain("Login and logout");
    await page.locator(".pager-link.next").click();
    await page.waitForURL(/log-out-everywhere/);
  });
});
