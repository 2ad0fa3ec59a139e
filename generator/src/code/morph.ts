import { renameSync, rmSync, statSync } from "node:fs";
import nodeModule, { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/**
 * Loads ts-morph, which takes some 300 ms: only who emits or reports a place asks for it. Through
 * `require`, since `import()` would first look through ten megabytes of CommonJS for the names it
 * exports.
 */
export function loadMorph(): typeof import("ts-morph") {
  // From Node 22.1 on, Node's own cache does this (bin.ts).
  // Yarn's Plug'n'Play has packages in archives, where nothing can be written.
  const isNotOurs = "enableCompileCache" in nodeModule || process.versions["pnp"] !== undefined;
  if (isNotOurs) return require("ts-morph") as typeof import("ts-morph");
  return withCodeCache(() => require("ts-morph") as typeof import("ts-morph"));
}

/**
 * Keeps what V8 compiled beside the packages it was compiled from: who can write there could change
 * the packages themselves. It is written in a folder of its own and then renamed, so that nobody
 * ever reads half of it.
 */
function withCodeCache<T>(load: () => T): T {
  const packages = dirname(dirname(require.resolve("ts-morph/package.json")));
  const compiler = createRequire(require.resolve("ts-morph")).resolve("@ts-morph/common");
  const { mtimeMs, size } = statSync(compiler);
  const folder = join(
    packages,
    ".cache/sessgen-code",
    `${process.version}-${process.arch}-${size}-${mtimeMs}`,
  );
  const made = statSync(folder, { throwIfNoEntry: false }) !== undefined;
  const { install } = require("v8-compile-cache-lib") as typeof import("v8-compile-cache-lib");
  const draft = `${folder}.${process.pid}`;
  const cache = install({ cacheDir: made ? folder : draft, prefix: "ts-morph" });
  try {
    return load();
  } finally {
    try {
      cache?.uninstall();
      if (!made) renameSync(draft, folder);
    } catch {
      // It only saves time: no place, no permission or another process that was first are no reason
      // to fail.
      rmSync(draft, { recursive: true, force: true });
    }
  }
}
