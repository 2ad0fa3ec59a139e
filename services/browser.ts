import { type BrowserContext, chromium, type Page } from "playwright-core";
import { onTestFinished } from "vitest";

/**
 * A page in a browser window of the test's own, with no cookies yet; closed when the test ends.
 *
 * ```ts
 * const url = await serviceUrl("chromium");
 * describe.skipIf(url === "")("in Chromium", () => {
 *   it("shows the page", async () => {
 *     const page = await newPage(url);
 * ```
 *
 * @param url - what `serviceUrl("chromium")` gave
 */
export async function newPage(url: string): Promise<Page> {
  return (await newWindow(url)).newPage();
}

/** A window whose pages share cookies; closed when the test ends. */
async function newWindow(url: string): Promise<BrowserContext> {
  const browser = await chromium.connectOverCDP(url);
  const window = await browser.newContext();
  // As long as `expect.poll` has: Playwright's half minute is little on a busy machine.
  window.setDefaultTimeout(120_000);
  onTestFinished(async () => {
    await window.close();
    // Ends the connection; the browser itself goes on.
    await browser.close();
  });
  return window;
}

/**
 * Goes back as the browser's button does; the page comes from the back/forward cache, the HTTP
 * cache or the server. Resolves when it shows.
 */
export async function goBack(page: Page): Promise<void> {
  const from = page.url();
  await page.evaluate("history.back()").catch(() => {});
  await page.waitForURL((address) => address.href !== from, { waitUntil: "commit" });
  await page.waitForFunction("document.readyState === 'complete'");
}
