import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "sessgen", "bench");

/**
 * Installs npm packages, by name and version, into a folder of the user's cache: they are no part
 * of the project. Returns node_modules.
 */
export function installPeers(bench, versions) {
  const folder = join(cache, bench);
  const modules = join(folder, "node_modules");
  if (!Object.keys(versions).every((name) => existsSync(join(modules, name)))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), "{}\n");
    const packages = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
    execFileSync("npm", ["install", "--no-save", "--loglevel=error", ...packages], {
      cwd: folder,
      stdio: "inherit",
    });
  }
  return modules;
}

/**
 * Installs Python packages into a virtual environment in the cache folder. Returns its Python,
 * nothing when there is none.
 */
export function installPythonPeers(packages) {
  const folder = join(cache, "python");
  const python = join(folder, "bin", "python");
  const done = join(folder, "installed");
  try {
    if (!existsSync(done)) {
      execFileSync("python3", ["-m", "venv", folder], { stdio: "pipe" });
      execFileSync(python, ["-m", "pip", "install", "--quiet", ...packages], { stdio: "pipe" });
      writeFileSync(done, `${packages.join("\n")}\n`);
    }
    return python;
  } catch (error) {
    console.error(`Flask-Session is left out: ${String(error.message).split("\n")[0]}`);
    return undefined;
  }
}
