import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { newPage } from "../../services/browser.js";
import { serviceUrl } from "../../services/client.js";
import type { Host, Running } from "./host.js";

const chromium = await serviceUrl("chromium");

/** What is to be known of a framework's pages. */
export interface InBrowser {
  /** Gives the running example. */
  readonly running: () => Running;
  /** Of the image that the framework's page shows: `docs/images/<image>.png`. */
  readonly image: string;
  /** Every page is loaded anew: there is no router in the browser. */
  readonly isLoadedAnew?: true;
}

/**
 * Uses the pages of an example's shop in Chromium, with two windows of one user's. With
 * `SCREENSHOTS` set, the image for the docs is made anew.
 */
export function testInBrowser({ name }: Host, { running, image, isLoadedAnew }: InBrowser): void {
  describe.skipIf(chromium === "")(`${name} in Chromium`, () => {
    it("the shop is used", async () => {
      const [laptop, telephone] = [await newPage(chromium), await newPage(chromium)];
      for (const page of [laptop, telephone]) {
        // Until scripts have taken the page over, where there are some.
        await page.goto(running().origin, { waitUntil: "networkidle" });
        await page.getByText("Visits: 1").waitFor();
        await page.getByRole("button", { name: "Add tea" }).click();
        await page.getByText("1 × tea").waitFor();
        await page.getByLabel("Name").fill("Hedy");
        await page.getByRole("button", { name: "Log in" }).click();
        await page.getByRole("status").getByText("Welcome, Hedy").waitFor();
        await page.getByRole("heading", { name: "Hedy's shop" }).waitFor();
      }
      if (process.env["SCREENSHOTS"] !== undefined) {
        await laptop.setViewportSize({ width: 640, height: 520 });
        const path = fileURLToPath(new URL(`../../docs/images/${image}.png`, import.meta.url));
        await laptop.screenshot({ path });
      }
      for (const quantity of [2, 3]) {
        await laptop.getByRole("button", { name: "Add tea" }).click();
        await laptop.getByText(`${quantity} × tea`).waitFor();
      }
      // Shown once.
      await laptop.reload({ waitUntil: "networkidle" });
      await laptop.getByRole("heading", { name: "Hedy's shop" }).waitFor();
      expect(await laptop.getByRole("status").count()).toBe(0);

      await laptop.evaluate("window.isSamePage = true");
      await laptop.getByRole("link", { name: "Devices" }).click();
      await laptop.getByRole("heading", { name: "Where Hedy is logged in" }).waitFor();
      expect(await laptop.getByRole("listitem").count()).toBe(2);
      await laptop.getByRole("button", { name: "Log out", exact: true }).click();
      await expect.poll(() => laptop.getByRole("listitem").count()).toBe(1);
      await telephone.reload({ waitUntil: "networkidle" });
      await telephone.getByRole("heading", { name: "A small shop" }).waitFor();

      await telephone.getByLabel("Name").fill("Hedy");
      await telephone.getByRole("button", { name: "Log in" }).click();
      await telephone.getByRole("heading", { name: "Hedy's shop" }).waitFor();
      await laptop.getByRole("button", { name: "Log out everywhere" }).click();
      await laptop.getByRole("heading", { name: "A small shop" }).waitFor();
      // By the router, where there is one.
      expect(await laptop.evaluate("window.isSamePage === true")).toBe(isLoadedAnew !== true);
      await telephone.getByRole("button", { name: "Log out" }).click();
      await telephone.getByRole("status").getByText("Goodbye").waitFor();
    });
  });
}
