import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

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

/** The frameworks that do not run on every Node that we do, and the versions that they ask for. */
const asksFor = { astro: [22, 12], "tanstack-start": [22, 12] };

/**
 * What is added to the environment of programs that use a framework, so that they find a Node that
 * it runs on: nothing where this one will do, or where none can be had.
 * @returns {{ PATH?: string }}
 */
export function withNodeFor(framework) {
  const [major, minor] = asksFor[framework] ?? [0, 0];
  const [here, hereMinor] = process.versions.node.split(".").map(Number);
  if (here > major || (here === major && hereMinor >= minor)) return {};
  const node = installNode(String(major));
  return node === undefined ? {} : { PATH: `${dirname(node)}${delimiter}${process.env["PATH"]}` };
}
