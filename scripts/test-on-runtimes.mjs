// `npm run test:runtimes [bun] [deno] [workerd]`: runs the runtime's tests that need no server on
// Bun and Deno, and sessions in workerd.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, ensureInstalled } from "./ensure-installed.mjs";
import { skipped } from "./runtime-skips.mjs";
import { bun, deno } from "./runtimes.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
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
