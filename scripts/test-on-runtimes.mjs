// `npm run test:runtimes [bun] [deno] [workerd]`: runs the runtime's tests that need no server on
// Bun and Deno, and sessions in workerd. npm's packages carry the binaries; they are kept in the
// user's cache folder, outside the repository.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, ensureInstalled } from "./ensure-installed.mjs";
import { skipped } from "./runtime-skips.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "sessgen");
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const suite = ["run", "--config", "vitest.runtimes.config.ts", "--reporter=dot"];

/** How each runtime runs the tests. workerd is started by a test, which runs on Node. */
const runs = {
  bun: () => [bun(), ["--bun", vitest, ...suite]],
  deno: () => [deno(), ["run", "--allow-all", "--no-check", vitest, ...suite]],
  workerd: () => [process.execPath, [vitest, "run", "test/workerd.test.ts"]],
};
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(runs);

ensureInstalled();
build();

const failed = names.filter((name) => {
  const [program, args] = runs[name]();
  const version = name === "workerd" ? "" : spawnSync(program, ["--version"], { encoding: "utf8" }).stdout;
  console.log(`\n${name} ${version.split("\n", 1)[0]}`);
  for (const reason of skipped(name).reasons) console.log(`  skipped: ${reason}`);
  const { status } = spawnSync(program, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, NODE_ENV: "test" },
  });
  return status !== 0;
});
console.log(failed.length === 0 ? "\nAll passed" : `\nFAILED: ${failed.join(", ")}`);
process.exit(failed.length === 0 ? 0 : 1);

function bun() {
  const folder = install("bun", "bun@1");
  const program = join(folder, "bun/bin/bun.exe");
  // Its package fetches the program when it is installed, and npm asks before it runs such scripts.
  if (spawnSync(program, ["--version"]).status !== 0)
    spawnSync(process.execPath, [join(folder, "bun/install.js")], {
      cwd: join(folder, "bun"),
      stdio: "inherit",
    });
  return program;
}

function deno() {
  const folder = join(install("deno", "deno@2"), "@deno");
  const [platform = ""] = readdirSync(folder);
  return join(folder, platform, "deno");
}

/** The `node_modules` with that package. */
function install(name, requirement) {
  const folder = join(cache, `runtime-${name}`);
  const packages = join(folder, "node_modules");
  if (existsSync(join(packages, name))) return packages;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}\n");
  spawnSync("npm", ["install", "--no-save", "--loglevel=error", requirement], {
    cwd: folder,
    stdio: "inherit",
  });
  return packages;
}
