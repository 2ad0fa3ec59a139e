import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "sessgen", "node");

/**
 * The path of that version's binary, installed into the cache if it is not there yet; nothing where
 * it cannot be had.
 */
export function installNode(version) {
  const folder = join(cache, version);
  const node = join(folder, "node_modules/node/bin/node");
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}\n");
  const { status } = spawnSync("npm", ["install", "--no-save", "--loglevel=error", `node@${version}`], {
    cwd: folder,
    stdio: "inherit",
  });
  return status === 0 && existsSync(node) ? node : undefined;
}
