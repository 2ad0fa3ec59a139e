// `npm test`: installs if needed, builds, runs every suite on every real server that can be had,
// and ends with a table of what was tested on what, and the line `N passed, N failed, N skipped`.
// Arguments go to vitest.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, ensureInstalled } from "./ensure-installed.mjs";
import { printFailures, readFailures } from "./failures-reporter.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

ensureInstalled();
build();

const folder = mkdtempSync(join(tmpdir(), "sessgen-test-"));
const resultsFile = join(folder, "results.json");
const servicesFile = join(folder, "services.json");
const failuresFile = join(folder, "failures.json");
const { status } = spawnSync(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${resultsFile}`,
    `--reporter=${join(root, "scripts/failures-reporter.mjs")}`,
    ...process.argv.slice(2),
  ],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, SESSGEN_SERVICES_REPORT: servicesFile, SESSGEN_FAILURES_REPORT: failuresFile },
  },
);
const results = readJson(resultsFile) ?? { testResults: [] };
const services = readJson(servicesFile) ?? [];
const failures = readFailures(failuresFile);
rmSync(folder, { recursive: true, force: true });

// Which backend the conformance suite was run on, and on what: its cases stand under "<backend> as
// a session store".
const suites = new Map();
for (const test of results.testResults.flatMap((file) => file.assertionResults)) {
  const suite = test.ancestorTitles
    .map((title) => /^(.+) as a session store$/.exec(title)?.[1])
    .find(Boolean);
  if (suite !== undefined) suites.set(suite, [...(suites.get(suite) ?? []), test]);
}
const untested = [];
console.log(`\nBackends tested on Node ${process.version}`);
for (const [suite, tests] of [...suites].sort()) {
  // "postgres (pg)" is run on the service postgres, through pg.
  const service = services.find(({ name }) => suite === name || suite.startsWith(`${name} `));
  const on = service === undefined ? "here" : `${service.version} (${service.origin})`;
  const { passed, failed, skipped } = count(tests);
  if (service?.unavailable === undefined) {
    console.log(
      `  ${suite.padEnd(26)} ${on.padEnd(26)} ${passed} passed, ${failed} failed, ${skipped} skipped`,
    );
  }
}
for (const { name, unavailable } of services)
  if (unavailable !== undefined) untested.push([name, unavailable]);
const missing = untested.length;
// Drivers are a choice of the user's: that one of them is not here is no failure.
for (const driver of ["node:sqlite", "better-sqlite3", "libsql"]) {
  if (suites.has(`sqlite (${driver})`)) continue;
  untested.push([
    `sqlite (${driver})`,
    driver === "node:sqlite" ? "this version of Node has none" : "is not installed here",
  ]);
}
if (untested.length > 0) console.log("Not tested");
for (const [name, why] of untested) console.log(`  ${name.padEnd(26)} ${why}`);

if (failures.length > 0) console.log("");
printFailures(failures);
const unavailable = process.env["CI"] === "true" ? missing : 0;
const total = count(results.testResults.flatMap((file) => file.assertionResults));
const failed = failures.length + unavailable;
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
