// `npm run test:nodes [versions…]`: runs the suites of the runtime and the generator on other
// versions of Node: all of them on the last that is named. npm's `node` package carries the
// binaries; they are kept in the user's cache folder, outside the repository.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, ensureInstalled } from "./ensure-installed.mjs";
import { printFailures, readFailures } from "./failures-reporter.mjs";
import { installNode } from "./node-versions.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const versions = process.argv.length > 2 ? process.argv.slice(2) : ["20.19", "22", "24", "26"];

/**
 * Not again on every version: what tests other programs' judgement of emitted files (the compiler's
 * among them), commands on live servers, what a run may skip, and drivers that are not the latest,
 * for minutes.
 */
const once = [
  "generator/test/live/**",
  "generator/test/backends/{drift,dynamodb,mongodb,mysql,postgres,redis,sql}/**",
  "generator/test/backends/sqlite/{drift,live,migrate}.test.ts",
  "generator/test/bundlers/**",
  "generator/test/chains/**",
  "generator/test/changes/{commands,rules}.test.ts",
  "generator/test/config/define-config.test.ts",
  "generator/test/emit/module/compile.test.ts",
  "generator/test/evolution/types.test.ts",
  "generator/test/frameworks/{glue,logout,express/{kinds,login-race,names,travel,types}}.test.ts",
  "generator/test/differential/types.test.ts",
  "generator/test/cli/commands/{backfill,doctor,init,inspect,inspect-stores,quarantine,revoke,sweep}.test.ts",
  "generator/test/lock/{compact,merging,property}.test.ts",
  "generator/test/output/{fingerprint,foreign-hands}.test.ts",
  "runtime/test/http/back.test.ts",
  "runtime/test/security/{moved-cookie,rotation}.test.ts",
  "runtime/test/stores/older-drivers.test.ts",
];
/**
 * Of the generator on versions between the oldest, which `npm test` is run on, and the newest: what
 * asks Node for files, modules, processes and the terminal. The rest is made of the language alone.
 */
const asksNode = ["cli", "config", "evolution", "frameworks", "output"].map(
  (name) => `generator/test/${name}`,
);
/**
 * Of the runtime not on these: stores whose drivers ask Node for a connection and nothing else.
 * They are tested on the newest version, and on the one that `npm test` is run on; Redis stands for
 * them in between.
 */
const connects = ["dynamodb", "memcached", "mongodb", "mysql", "postgres"].map(
  (name) => `runtime/test/stores/${name}/**`,
);
const suitesOn = (version) => {
  const isNewest = version === versions.at(-1);
  return [
    "runtime/test",
    ...(isNewest ? ["generator/test"] : asksNode),
    ...(isNewest ? once : [...once, ...connects]).flatMap((pattern) => ["--exclude", pattern]),
  ];
};

ensureInstalled();
build();

const folder = mkdtempSync(join(tmpdir(), "sessgen-nodes-"));
const results = versions.map((version) => {
  const node = installNode(version);
  if (node === undefined) {
    console.error(`Node ${version} could not be installed.`);
    process.exit(1);
  }
  const shown = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim();
  console.log(`\nNode ${shown}`);
  const failuresFile = join(folder, `${version}.json`);
  const { status } = spawnSync(
    node,
    [
      join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      ...suitesOn(version),
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
