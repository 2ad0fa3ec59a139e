// `npm run test:nodes [versions…]`: runs the suites of the runtime and the generator on other
// versions of Node. npm's `node` package carries the binaries; they are kept in the user's cache
// folder, outside the repository.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, ensureInstalled } from "./ensure-installed.mjs";
import { printFailures, readFailures } from "./failures-reporter.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "sessgen", "node");
const versions = process.argv.length > 2 ? process.argv.slice(2) : ["20.19", "22", "24", "26"];

/**
 * Not again on every version: what tests other programs' judgement of emitted files (the compiler's
 * among them), commands on live servers, what a run may skip, and drivers that are not the latest,
 * for minutes. The stores themselves are tested on every server with every version.
 */
const once = [
  "generator/test/live/**",
  "generator/test/backends/{dynamodb,mongodb,mysql,postgres,redis,sql}/**",
  "generator/test/backends/sqlite/live.test.ts",
  "generator/test/emit/module/compile.test.ts",
  "generator/test/frameworks/express/names.test.ts",
  "generator/test/cli/commands/{inspect,inspect-stores,revoke,sweep}.test.ts",
  "generator/test/output/fingerprint.test.ts",
  "runtime/test/stores/older-drivers.test.ts",
];
const suites = ["runtime/test", "generator/test", ...once.flatMap((pattern) => ["--exclude", pattern])];

ensureInstalled();
build();

const folder = mkdtempSync(join(tmpdir(), "sessgen-nodes-"));
const results = versions.map((version) => {
  const node = install(version);
  const shown = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim();
  console.log(`\nNode ${shown}`);
  const failuresFile = join(folder, `${version}.json`);
  const { status } = spawnSync(
    node,
    [
      join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      ...suites,
      "--reporter=dot",
      `--reporter=${join(root, "scripts/failures-reporter.mjs")}`,
    ],
    // Child processes that the tests start by name find this Node first.
    {
      cwd: root,
      stdio: "inherit",
      env: {
        ...process.env,
        PATH: `${join(node, "..")}:${process.env["PATH"]}`,
        SESSGEN_FAILURES_REPORT: failuresFile,
      },
    },
  );
  return { shown, passed: status === 0, failures: readFailures(failuresFile) };
});
rmSync(folder, { recursive: true, force: true });

console.log("");
for (const { shown, passed, failures } of results) {
  console.log(`${shown.padEnd(12)} ${passed ? "passed" : "FAILED"}`);
  printFailures(failures);
}
process.exit(results.every(({ passed }) => passed) ? 0 : 1);

/** The path of that version's binary, installed into the cache if it is not there yet. */
function install(version) {
  const folder = join(cache, version);
  const node = join(folder, "node_modules/node/bin/node");
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}\n");
  const { status } = spawnSync("npm", ["install", "--no-save", "--loglevel=error", `node@${version}`], {
    cwd: folder,
    stdio: "inherit",
  });
  if (status !== 0 || !existsSync(node)) {
    console.error(`Node ${version} could not be installed.`);
    process.exit(1);
  }
  return node;
}
