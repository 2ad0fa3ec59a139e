import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(join(root, "docs/adding-a-store.md"), "utf8");

/** Every file of the page: its path stands behind the language. */
const files = [...page.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, path = "", text = ""]) => ({
  path,
  text,
}));
const textOf = (path: string) => files.find((file) => file.path === path)?.text ?? "";

/** A copy of the sources, inside of the repository so that what they import is installed. */
let copy: string;
beforeAll(() => {
  mkdirSync(join(root, ".cache"), { recursive: true });
  copy = mkdtempSync(join(root, ".cache/adding-"));
  for (const name of [
    "runtime/src",
    "generator/src",
    "generator/package.json",
    "templates",
    "services",
    "package.json",
  ])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  for (const { path, text } of files) {
    if (path.endsWith("package.json")) continue;
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
  const list = join(copy, "generator/src/backends/index.ts");
  const before = readFileSync(list, "utf8");
  const after = before
    .replace(/^import \{ sqlite \}/m, 'import { shelf } from "./shelf/index.js";\n$&')
    .replace(/^(\s*)sqlite,$/m, "$1shelf,\n$&");
  expect(after.match(/shelf/g)).toHaveLength(3);
  writeFileSync(list, after);
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

it("takes a store of fewer than 40 lines", () => {
  const lines = textOf("runtime/src/stores/shelf/index.ts")
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s*(\/\*\*|\*|\/\/)/.test(line));
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.length).toBeLessThan(40);
});

it("passes the whole conformance suite", () => {
  const said = execFileSync(
    process.execPath,
    [
      join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      "--root",
      copy,
      "--config",
      join(root, "vitest.config.ts"),
      "runtime/test/stores/shelf/shelf.test.ts",
    ],
    { encoding: "utf8", stdio: "pipe", env: { ...process.env, NO_COLOR: "1" } },
  );
  expect(said).toMatch(/Tests +\d\d passed/);
  expect(said).not.toMatch(/failed/);
});

it("is a backend of the config, with its infrastructure and its limits", async () => {
  const project = join(copy, "user");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "name": "user", "type": "module" }');
  const config = (rest: string) =>
    writeFileSync(
      join(project, "session.config.ts"),
      `import { z } from "zod";\nexport default { schema: z.object({ user: z.string().optional() }), backend: { kind: "shelf" }${rest} };\n`,
    );
  const { main } = (await import(
    join(copy, "generator/src/cli/program.ts")
  )) as typeof import("../generator/src/cli/program.js");
  const run = async () => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const code = await main(["--no-cache"], {
      cwd: project,
      env: {},
      stdin: process.stdin,
      stdout,
      stderr,
      signal: new AbortController().signal,
    });
    return { code, err: String(stderr.read() ?? "") };
  };
  config("");
  expect(await run()).toEqual({ code: 0, err: "" });
  const store = readFileSync(join(project, "src/session/store.ts"), "utf8");
  expect(store).toContain('import { shelfStore } from "@sessgen/runtime/stores/shelf";');
  expect(store).toContain("return shelfStore({});");
  expect(readFileSync(join(project, "session-infra/shelf/operating.md"), "utf8")).toContain(
    "a shelf of kind shelf",
  );
  config(", fields: { user: { index: true } }");
  expect(await run()).toMatchObject({
    code: 3,
    err: expect.stringContaining("the map is searched by key only"),
  });
});

it("gives the store a subpath by its folder", () => {
  const { exports } = JSON.parse(readFileSync(join(root, "runtime/package.json"), "utf8"));
  expect(exports["./stores/*"]).toEqual({
    types: "./dist/stores/*/index.d.ts",
    default: "./dist/stores/*/index.js",
  });
});
