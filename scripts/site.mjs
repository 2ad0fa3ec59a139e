// `npm run docs:site`: builds the site from docs/ into .cache/site. What it takes is installed into
// site/, by a lock of its own, since VitePress brings another Vite than the one we test with.
// Beside it, in api/, is the reference, made of JSDoc. `npm run docs:site -- dev` serves the pages,
// and follows what is written.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const site = join(root, "site");
const [command = "build", ...rest] = process.argv.slice(2);

if (!isInstalled()) run("npm", ["ci", "--no-audit", "--no-fund"]);
run(process.execPath, [join(site, "node_modules/vitepress/bin/vitepress.js"), command, ...rest]);
if (command === "build") run("npm", ["run", "--silent", "docs:api", "--", "--logLevel", "Error"], root);

/** Whether what was installed is what the lock says. */
function isInstalled() {
  const installed = join(site, "node_modules/.package-lock.json");
  const lock = join(site, "package-lock.json");
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
}

function run(program, args, cwd = site) {
  const { status } = spawnSync(program, args, { cwd, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
