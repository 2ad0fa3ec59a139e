// The packages as they would be published, for scripts that are users of them.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Packs both packages into a folder.
 *
 * @returns the path of each one's tarball by its name
 */
export function pack(folder) {
  const tarballs = {};
  for (const workspace of ["runtime", "generator"]) {
    const options = ["--json", `--workspace=${workspace}`, `--pack-destination=${folder}`];
    const [{ name, filename }] = JSON.parse(
      execFileSync("npm", ["pack", ...options], { cwd: root, encoding: "utf8" }),
    );
    tarballs[name] = join(folder, filename.replace(/^@(.*)\//, "$1-"));
  }
  return tarballs;
}

/**
 * Gives the environment of a user at a terminal: what npm sets for its scripts would make the npm
 * in a folder believe that it runs in this repository, and under CI no application id is made.
 */
export function userEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_.*|CI)$/i.test(name)));
}
