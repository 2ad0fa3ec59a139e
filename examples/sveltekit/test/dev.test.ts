import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { clientsOf } from "../../../test/frameworks/client.js";
import { ownProcess } from "../../../test/frameworks/own-process.js";
import { copyOfExample } from "./host.js";

const bin = fileURLToPath(new URL("../../../node_modules/.bin/", import.meta.url));

it("stays logged in through edits, with its sessions in the memory of vite dev", async () => {
  const { folder, remove } = copyOfExample();
  onTestFinished(remove);
  const edit = (path: string, from: string, to: string): void => {
    const text = readFileSync(join(folder, path), "utf8");
    expect(text).toContain(from);
    writeFileSync(join(folder, path), text.replace(from, to));
  };
  const run = (name: string, ...args: string[]) => execFileSync(`${bin}${name}`, args, { cwd: folder });
  edit("session.config.ts", '{ kind: "sqlite", file: ".data/sessions.db" }', '{ kind: "memory" }');
  run("svelte-kit", "sync");
  run("sessgen");
  const { origin, close } = await ownProcess(pathToFileURL(join(folder, "test/")).href, {
    command: [`${bin}vite`, "dev", "--port", "0"],
    env: { NODE_ENV: "development", NO_COLOR: "1", FORCE_COLOR: "" },
  });
  onTestFinished(close);
  const client = clientsOf(origin)();
  const page = async (): Promise<string> => (await client.send("/")).text();
  await client.send("/?/login", {
    method: "POST",
    headers: { accept: "text/html", origin },
    body: new URLSearchParams({ name: "Ada" }),
  });
  expect(await client.cookie()).toMatch(/^dev-session=/);
  expect(await page()).toContain("Ada's shop");

  edit("src/routes/+page.svelte", "'s shop", "'s corner");
  await expect.poll(page).toContain("Ada's corner");

  edit(
    "src/hooks.server.ts",
    "const response = await",
    'event.setHeaders({ "x-edited": "1" });\n  const response = await',
  );
  const header = async () => (await client.send("/")).headers.get("x-edited");
  await expect.poll(header).toBe("1");
  expect(await page()).toContain("Ada's corner");

  edit("session.config.ts", "visits: z.int()", "colour: z.string().default('green'),\n    visits: z.int()");
  edit("src/routes/+page.svelte", "Visits: {data.visits}", "In {data.colour}");
  edit("src/routes/+page.server.ts", "return {", "return { colour: session.colour,");
  run("sessgen");
  await expect.poll(page).toContain("In green");
  expect(await page()).toContain("Ada's corner");
});
