import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filesOf, writeNew } from "../scripts/new.mjs";
import { registries } from "../scripts/registries.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(join(root, "docs/adding-a-store.md"), "utf8");
const textOf = (path: string): string => filesOf(page).find((file) => file.path === path)?.text ?? "";

/** A copy of the sources, inside of the repository so that what they import is installed. */
let copy: string;
/** What was written into it: all at first, as modules that were imported stay as they were. */
let made: { readonly [kind in "backend" | "store" | "framework"]: ReturnType<typeof writeNew> };
beforeAll(() => {
  mkdirSync(join(root, ".cache"), { recursive: true });
  copy = mkdtempSync(join(root, ".cache/new-"));
  for (const name of [
    "docs",
    ...readdirSync(join(root, "examples")).map((name) => `examples/${name}/tsconfig.json`),
    "generator/package.json",
    "generator/src",
    "generator/tsconfig.json",
    "hammer/stores",
    "package.json",
    "runtime/package.json",
    "runtime/src",
    "runtime/tsconfig.json",
    "services",
    "templates",
    "tsconfig.base.json",
    "tsconfig.json",
  ])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  made = {
    backend: writeNew(copy, "backend", "shelf"),
    store: writeNew(copy, "store", "book-shelf"),
    framework: writeNew(copy, "framework", "magic-lantern"),
  };
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Runs a test file of the copy. */
function vitest(file: string): string {
  return execFileSync(
    process.execPath,
    [
      join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      "--root",
      copy,
      "--config",
      join(root, "vitest.config.ts"),
      file,
    ],
    { encoding: "utf8", stdio: "pipe", env: { ...process.env, NO_COLOR: "1" } },
  );
}

/** Runs the command line of the copy. */
async function generate(cwd: string): Promise<{ readonly code: number; readonly err: string }> {
  const { main } = (await import(
    join(copy, "generator/src/cli/program.ts")
  )) as typeof import("../generator/src/cli/program.js");
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await main(["--no-cache", "--new-application"], {
    cwd,
    env: {},
    stdin: process.stdin,
    stdout,
    stderr,
    signal: new AbortController().signal,
  });
  return { code, err: String(stderr.read() ?? "") };
}

it.each(Object.entries(registries(root)))("%s is not stale", (path, text) => {
  // `npm run registries` writes it.
  expect(readFileSync(join(root, path), "utf8")).toBe(text);
});

describe("a new backend", () => {
  it("is three places and its templates, and nothing else is edited by hand", () => {
    const { files, lists } = made.backend;
    expect(files).toEqual([
      "runtime/src/stores/shelf/index.ts",
      "generator/src/backends/shelf/options.ts",
      "generator/src/backends/shelf/index.ts",
      "templates/shelf/operating.md.hbs",
      "runtime/test/stores/shelf/shelf.test.ts",
    ]);
    expect(lists).toEqual(["generator/src/backends/index.ts", "generator/src/backends/types.ts"]);
    expect(readFileSync(join(copy, "runtime/src/stores/shelf/index.ts"), "utf8")).toBe(
      textOf("runtime/src/stores/shelf/index.ts"),
    );
  });

  it("has a store of fewer than 45 lines", () => {
    const lines = textOf("runtime/src/stores/shelf/index.ts")
      .split("\n")
      .filter((line) => line.trim() !== "" && !/^\s*(\/\*\*|\*|\/\/)/.test(line));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.length).toBeLessThan(45);
  });

  it("passes the whole conformance suite", () => {
    const said = vitest("runtime/test/stores/shelf/shelf.test.ts");
    expect(said).toMatch(/Tests +\d\d passed/);
    expect(said).not.toMatch(/failed/);
  });

  it("is one of the config, with its infrastructure and its limits", async () => {
    const project = join(copy, "user");
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), '{ "name": "user", "type": "module" }');
    const config = (rest: string) =>
      writeFileSync(
        join(project, "session.config.ts"),
        `import { z } from "zod";\nexport default { schema: z.object({ user: z.string().optional() }), backend: { kind: "shelf" }${rest} };\n`,
      );
    config("");
    expect(await generate(project)).toEqual({ code: 0, err: "" });
    const store = readFileSync(join(project, "src/session/store.ts"), "utf8");
    expect(store).toContain('import { shelfStore } from "@sessgen/runtime/stores/shelf";');
    expect(store).toContain("return shelfStore();");
    expect(readFileSync(join(project, "session-infra/shelf/operating.md"), "utf8")).toContain(
      "a shelf of kind shelf",
    );
    config(", fields: { user: { index: true } }");
    expect(await generate(project)).toMatchObject({
      code: 3,
      err: expect.stringContaining("the map is searched by key only"),
    });
  });

  it("is imported by its folder: no line of package.json names it", () => {
    const { exports } = JSON.parse(readFileSync(join(root, "runtime/package.json"), "utf8"));
    const [esm, cjs] = ["./dist", "./dist/cjs"].map((folder) => ({
      types: `${folder}/stores/*/index.d.ts`,
      default: `${folder}/stores/*/index.js`,
    }));
    expect(exports["./stores/*"]).toEqual({ "module-sync": esm, require: cjs, default: esm });
  });
});

it("makes a store alone, under a name of two words", () => {
  const { files, lists } = made.store;
  expect(files).toEqual([
    "runtime/src/stores/book-shelf/index.ts",
    "runtime/test/stores/book-shelf/book-shelf.test.ts",
  ]);
  expect(lists).toEqual([]);
  expect(vitest("runtime/test/stores/book-shelf/book-shelf.test.ts")).toMatch(/Tests +\d\d passed/);
});

describe("a new framework", () => {
  it("is two files and an example", () => {
    const { files, lists } = made.framework;
    const inExample = files.filter((path) => path.startsWith("examples/magic-lantern/"));
    expect(files.filter((path) => !inExample.includes(path))).toEqual([
      "generator/src/frameworks/magic-lantern/index.ts",
      "templates/glue/magic-lantern.ts.hbs",
    ]);
    expect(inExample.length).toBeGreaterThan(0);
    expect(lists).toEqual([
      "tsconfig.json",
      "generator/src/frameworks/index.ts",
      "generator/src/frameworks/names.ts",
    ]);
  });

  it("is emitted, compiled and used by its example", async () => {
    const example = join(copy, "examples/magic-lantern");
    expect(await generate(example)).toEqual({ code: 0, err: "" });
    const { stdout, status } = spawnSync(
      process.execPath,
      [join(root, "node_modules/typescript/bin/tsc"), "-p", example, "--noEmit"],
      { encoding: "utf8" },
    );
    expect(stdout).toBe("");
    expect(status).toBe(0);
    expect(vitest("examples/magic-lantern/test/app.test.ts")).toMatch(/Tests +1 passed/);
  });
});

it.each([
  ["what exists", { given: ["backend", "redis"], want: /There is a backend redis already/ }],
  ["a name in capitals", { given: ["store", "Shelf"], want: /is no name/ }],
  ["a path", { given: ["store", "../shelf"], want: /is no name/ }],
  ["what nobody knows", { given: ["window", "shelf"], want: /There is no window to make/ }],
] as const)("refuses %s", (_name, { given: [kind, name], want }) => {
  expect(() => writeNew(copy, kind, name)).toThrow(want);
});
