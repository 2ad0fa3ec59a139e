// Other runtimes than Node: npm's packages carry the binaries; they are kept in the user's cache
// folder, outside the repository.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "sessgen");

/** The program of Bun. */
export function bun() {
  const folder = install("bun", "bun@1");
  const program = join(folder, "bun/bin/bun.exe");
  // Its package fetches the program when it is installed, and npm asks before it runs such scripts.
  if (spawnSync(program, ["--version"]).status !== 0)
    spawnSync(process.execPath, [join(folder, "bun/install.js")], {
      cwd: join(folder, "bun"),
      stdio: "inherit",
    });
  return program;
}

/** The program of Deno. */
export function deno() {
  const folder = join(install("deno", "deno@2"), "@deno");
  const [platform = ""] = readdirSync(folder);
  return join(folder, platform, "deno");
}

/** The `node_modules` with that package. */
function install(name, requirement) {
  const folder = join(cache, `runtime-${name}`);
  const packages = join(folder, "node_modules");
  if (existsSync(join(packages, name))) return packages;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}\n");
  spawnSync("npm", ["install", "--no-save", "--loglevel=error", requirement], {
    cwd: folder,
    stdio: "inherit",
  });
  return packages;
}
