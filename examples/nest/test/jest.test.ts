import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { project } from "../../../generator/test/support/project.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const page = readFileSync(`${root}docs/frameworks/nest.md`, "utf8");
/** The page's files; of those that it shows twice, the last. */
const files = Object.fromEntries(
  [...page.matchAll(/^```\w+ (\S+\.\w+)\n(.*?)^```$/gms)].map(([, path = "", text = ""]) => [path, text]),
);

/** As `nest new` writes it into package.json. */
const jest = {
  moduleFileExtensions: ["js", "json", "ts"],
  rootDir: "src",
  testRegex: ".*\\.spec\\.ts$",
  transform: { "^.+\\.(t|j)s$": "ts-jest" },
  collectCoverageFrom: ["**/*.(t|j)s"],
  coverageDirectory: "../coverage",
  testEnvironment: "node",
};

function run(cwd: string, ...[program = "", ...args]: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NODE_ENV: "test", NODE_OPTIONS: "" },
  });
  if (status !== 0)
    throw new Error(`${program} ${args.join(" ")} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout + stderr;
}

it("the Jest of Nest's starter tests a page for users, as the guide has it", async () => {
  mkdirSync(`${root}.cache`, { recursive: true });
  const folder = mkdtempSync(`${root}.cache/nest-jest-`);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // The runtime as npm packs it: ts-jest compiles JavaScript that is not of node_modules.
  const runtime = join(folder, "node_modules/@sessgen/runtime");
  mkdirSync(runtime, { recursive: true });
  const pack = run(
    root,
    "npm",
    "pack",
    "--json",
    "--silent",
    "--workspace=runtime",
    `--pack-destination=${folder}`,
  );
  const [{ filename }] = JSON.parse(pack);
  const tarball = join(folder, filename.replace(/^@(.*)\//, "$1-"));
  run(folder, "tar", "-xzf", tarball, "--strip-components=1", "-C", runtime);
  // What needs the compiler's API, which TypeScript 7 has no more.
  symlinkSync(`${root}node_modules/typescript-5.9`, join(folder, "node_modules/typescript"));
  cpSync(`${root}node_modules/ts-jest`, join(folder, "node_modules/ts-jest"), { recursive: true });

  const user = project({ "package.json": JSON.stringify({ name: "user", jest }), ...files }, folder);
  expect(await user.run("--no-cache", "--new-application")).toMatchObject({ code: 0 });
  const said = run(folder, process.execPath, `${root}node_modules/jest/bin/jest.js`);
  expect(said).toMatch(/Tests: +2 passed/);
  expect(said).not.toMatch(/warn/i);
});
