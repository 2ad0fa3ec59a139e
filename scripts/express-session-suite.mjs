// `npm run express-session-suite -- FOLDER`: runs express-session's own tests on `asExpressStore`,
// in the place of its MemoryStore. FOLDER is a clone of https://github.com/expressjs/session with
// its packages installed: what is published has no tests, so CI does not run them.
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [, , folder] = process.argv;
if (folder === undefined) {
  console.error("Say where express-session is: npm run express-session-suite -- FOLDER");
  process.exit(2);
}
const cwd = resolve(folder);
const preload = fileURLToPath(new URL("express-session-suite/memory-store.cjs", import.meta.url));
spawnSync(join(cwd, "test/support/gencert.sh"), { cwd, stdio: "pipe" });
const mocha = ["--require", "test/support/env", "--require", preload, "--check-leaks", "--exit"];
const { status } = spawnSync(
  process.execPath,
  ["node_modules/mocha/bin/mocha.js", ...mocha, "--reporter", "dot", "test/"],
  { cwd, stdio: "inherit" },
);
process.exit(status ?? 1);
