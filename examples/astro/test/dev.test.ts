import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { freePort } from "../../../scripts/guide.mjs";
import { clientsOf } from "../../../test/frameworks/client.js";
import { ownProcess } from "../../../test/frameworks/own-process.js";
import { astro, copyOfExample, environment, isAstro6 } from "./host.js";

const bin = fileURLToPath(new URL("../../../node_modules/.bin/", import.meta.url));

it("stays logged in through edits, with its sessions in the memory of astro dev", async () => {
  const { folder, remove } = copyOfExample();
  onTestFinished(remove);
  const edit = (path: string, from: string, to: string): void => {
    const text = readFileSync(join(folder, path), "utf8");
    expect(text).toContain(from);
    writeFileSync(join(folder, path), text.replace(from, to));
  };
  const generate = () => execFileSync(`${bin}sessgen`, { cwd: folder });
  edit("session.config.ts", '{ kind: "sqlite", file: ".data/sessions.db" }', '{ kind: "memory" }');
  generate();
  const { origin, close } = await ownProcess(pathToFileURL(join(folder, "test/")).href, {
    command: [astro, "dev", "--port", String(await freePort())],
    // Of a test that starts it, Astro serves no pages.
    env: { ...environment, NODE_ENV: "development", NO_COLOR: "1", FORCE_COLOR: "", VITEST: "" },
  });
  onTestFinished(close);
  const client = clientsOf(origin)();
  const page = async (path = "/"): Promise<string> =>
    (await (await client.send(path)).text()).replaceAll("&#39;", "'");
  const response = await client.send("/?_action=login", {
    method: "POST",
    headers: { origin },
    body: new URLSearchParams({ name: "Ada" }),
  });
  expect([response.status, await response.text()]).toEqual([303, ""]);
  expect(await client.cookie()).toMatch(/^dev-session=/);
  expect(await page()).toContain("Ada's shop");
  expect(await page("/host/prerendered")).toContain("[session/prerendered]");

  edit("src/pages/index.astro", "'s shop", "'s corner");
  await expect.poll(page).toContain("Ada's corner");

  edit("src/middleware.ts", "const response = await next();", "$&\n  response.headers.set('x-edited', '1');");
  const header = async () => (await client.send("/")).headers.get("x-edited");
  await expect.poll(header).toBe("1");
  expect(await page()).toContain("Ada's corner");

  edit("session.config.ts", "visits: z.int()", "colour: z.string().default('green'),\n    visits: z.int()");
  edit("src/pages/index.astro", "Visits: {visits}", "In {session.colour}");
  generate();
  // Astro 6 loads what the middleware imports anew with the middleware alone.
  if (isAstro6) edit("src/middleware.ts", "x-edited", "x-edited-again");
  await expect.poll(page).toContain("In green");
  expect(await page()).toContain("Ada's corner");
});
