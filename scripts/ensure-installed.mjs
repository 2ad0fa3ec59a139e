// Installs the workspace's packages when they are missing or older than the lock file. Node alone
// is needed.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Modification time in milliseconds; 0 when there is no such file. */
function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Runs `npm ci` if needed. Exits the process when it fails: nothing works without the packages. */
export function ensureInstalled() {
  // npm writes this file last, so its presence means that an installation was completed.
  const marker = `${root}node_modules/.package-lock.json`;
  if (modified(marker) >= modified(`${root}package-lock.json`)) return;
  console.log("Installing packages (npm ci) …");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** Builds all packages. Exits the process when it fails. */
export function build() {
  const { status } = spawnSync("npm", ["run", "--silent", "build"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}
