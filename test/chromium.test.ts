import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { listen } from "../runtime/test/http/listen.js";
import { goBack, newPage } from "../services/browser.js";
import { serviceUrl } from "../services/client.js";

const url = await serviceUrl("chromium");

describe.skipIf(url === "")("the tests' Chromium", () => {
  const serve = async (): Promise<number> => {
    const server = createServer((request, response) => {
      if (request.url === "/one") response.setHeader("set-cookie", "seen=yes");
      response.setHeader("content-type", "text/html");
      response.end(`<p>${request.url} at ${request.headers.host?.split(":")[0]}</p>
<script>addEventListener("pageshow", ({ persisted }) => { document.title = String(persisted); });</script>`);
    });
    return listen(server);
  };

  it("finds names under .test here, and each window has its own cookies", async () => {
    const port = await serve();
    const [one, other] = [await newPage(url), await newPage(url)];
    await one.goto(`http://app.example.test:${port}/one`);
    await other.goto(`http://app.example.test:${port}/two`);
    expect(await one.locator("p").textContent()).toBe("/one at app.example.test");
    expect(await one.evaluate("document.cookie")).toBe("seen=yes");
    expect(await other.evaluate("document.cookie")).toBe("");
  });

  it("goes back by its back/forward cache, without which a test of what Back shows would tell nothing", async () => {
    const port = await serve();
    const page = await newPage(url);
    await page.goto(`http://127.0.0.1:${port}/one`);
    await page.goto(`http://127.0.0.1:${port}/two`);
    await goBack(page);
    expect(await page.locator("p").textContent()).toBe("/one at 127.0.0.1");
    expect(await page.title()).toBe("true");
  });
});
