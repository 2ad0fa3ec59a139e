import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, has } from "./machine.js";

/**
 * A program of PyPI's: on the PATH, or installed into the user's cache; `undefined` where there is
 * no Python.
 */
export function pythonTool(name: string, requirement: string): string | undefined {
  return has(name) ? name : pythonProgram(name, requirement);
}

/** The same, never from the PATH: with what the requirement says beside it. */
export function pythonProgram(name: string, requirement: string): string | undefined {
  if (!has("python3")) return undefined;
  const folder = cacheFolder(`python-${requirement.replace(/[^\w.]+/g, "-")}`);
  const program = join(folder, "bin", name);
  if (existsSync(program)) return program;
  try {
    execFileSync("python3", ["-m", "venv", folder], { stdio: "pipe" });
    execFileSync(join(folder, "bin/pip"), ["install", "--quiet", requirement], { stdio: "pipe" });
  } catch {
    return undefined;
  }
  return program;
}

/**
 * A folder of the user's cache with these packages of npm's in `node_modules`: they are no part of
 * the project.
 */
export function npmPackages(name: string, ...packages: readonly string[]): string {
  const folder = cacheFolder(name);
  if (existsSync(join(folder, "done"))) return folder;
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  execFileSync("npm", ["install", "--no-save", "--loglevel=error", ...packages], {
    cwd: folder,
    stdio: "pipe",
  });
  writeFileSync(join(folder, "done"), "");
  return folder;
}
