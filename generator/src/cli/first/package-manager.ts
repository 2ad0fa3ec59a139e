import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "jsonc-parser";

/** What installs packages and runs their commands. */
export interface PackageManager {
  readonly name: "npm" | "pnpm" | "yarn" | "bun";
  readonly add: string;
  readonly addDev: string;
  /** What stands in front of a command of a package's. */
  readonly run: string;
  /** It leaves out what other ones run before a script: `prebuild` before `build`. */
  readonly skipsPre?: true;
}

const npm: PackageManager = { name: "npm", add: "npm install", addDev: "npm install --save-dev", run: "npx" };

const managers: readonly PackageManager[] = [
  npm,
  { name: "pnpm", add: "pnpm add", addDev: "pnpm add -D", run: "pnpm exec" },
  { name: "yarn", add: "yarn add", addDev: "yarn add -D", run: "yarn", skipsPre: true },
  { name: "bun", add: "bun add", addDev: "bun add -d", run: "bunx" },
];

const locks: Readonly<Record<string, PackageManager["name"]>> = {
  "package-lock.json": "npm",
  "npm-shrinkwrap.json": "npm",
  "pnpm-lock.yaml": "pnpm",
  "pnpm-workspace.yaml": "pnpm",
  "yarn.lock": "yarn",
  "bun.lock": "bun",
  "bun.lockb": "bun",
};

/**
 * Finds the package manager of a project: what its package.json names, what has left a lock file,
 * in the folder or above, where the root of a workspace is; not beyond the repository.
 */
export async function packageManagerOf(folder: string): Promise<PackageManager> {
  const manifest = await readFile(join(folder, "package.json"), "utf8").catch(() => "{}");
  const found = managerIn(folder, manifest);
  if (found !== undefined) return found;
  const above = dirname(folder);
  return above === folder || existsSync(join(folder, ".git")) ? npm : packageManagerOf(above);
}

function managerIn(folder: string, manifest: string): PackageManager | undefined {
  // Lenient: a package.json that is no JSON is reported elsewhere.
  const { packageManager, devEngines } = Object(parse(manifest));
  const named = String(packageManager ?? "").split("@")[0] || Object(devEngines).packageManager?.name;
  const locked = Object.entries(locks).find(([lock]) => existsSync(join(folder, lock)))?.[1];
  return managers.find(({ name }) => name === named) ?? managers.find(({ name }) => name === locked);
}
