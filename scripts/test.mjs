// `npm test`: installs if needed, builds, runs every suite on every real server that can be had, and ends with a
// table of what was tested on what, and the line `N passed, N failed, N skipped`. Arguments go to vitest.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, ensureInstalled } from "./ensure-installed.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

ensureInstalled();
build();

const folder = mkdtempSync(join(tmpdir(), "sessgen-test-"));
const resultsFile = join(folder, "results.json");
const servicesFile = join(folder, "services.json");
const { status } = spawnSync(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${resultsFile}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, SESSGEN_SERVICES_REPORT: servicesFile } },
);
const results = readJson(resultsFile) ?? { testResults: [], numPassedTests: 0, numFailedTests: 0 };
const services = readJson(servicesFile) ?? [];
rmSync(folder, { recursive: true, force: true });

const rows = [
  ...results.testResults
    .map((file) => ({ file: relative(root, file.name), ...count(file.assertionResults) }))
    .filter(({ file }) => file.includes("/stores/"))
    .map(({ file, passed, failed, skipped }) => ({
      backend: file.replace(/^.*\/stores\/|\.test\.ts$/g, ""),
      tested: `${passed} passed, ${failed} failed, ${skipped} skipped`,
      on: "see servers below",
    })),
];
console.log(`\nBackends (Node ${process.version})`);
for (const { backend, tested } of rows) console.log(`  ${backend.padEnd(24)} ${tested}`);
console.log("Servers");
let unavailable = 0;
for (const service of services) {
  if (service.unavailable !== undefined) unavailable += 1;
  const state =
    service.unavailable === undefined
      ? `${service.version} (${service.origin})`
      : `not tested: ${service.unavailable}`;
  console.log(`  ${service.name.padEnd(24)} ${state}`);
}

// A file that could not even be loaded has no failed test of its own, yet it is a failure.
const broken = results.testResults.filter(
  (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
).length;
const missing = process.env["CI"] === "true" ? unavailable : 0;
const total = count(results.testResults.flatMap((file) => file.assertionResults));
const failed = total.failed + broken + missing;
console.log(`\n${total.passed} passed, ${failed} failed, ${total.skipped} skipped`);
process.exit(failed > 0 || status !== 0 ? 1 : 0);

function count(tests) {
  const of = (...states) => tests.filter((test) => states.includes(test.status)).length;
  return {
    passed: of("passed"),
    failed: of("failed"),
    skipped: of("skipped", "pending", "todo", "disabled"),
  };
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
