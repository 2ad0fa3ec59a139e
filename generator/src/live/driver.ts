import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SessgenError } from "../errors.js";

const require = createRequire(import.meta.url);

/**
 * Imports a client library: the user's own, otherwise one beside the runtime or beside sessgen.
 * @param root - the user's folder
 * @returns what it exports; a CommonJS module as its `module.exports`
 */
export async function importDriver(root: string, name: string): Promise<unknown | undefined> {
  for (const from of [join(root, "package.json"), runtimePlace(), import.meta.url]) {
    let file: string;
    try {
      file = createRequire(from).resolve(name);
    } catch {
      continue;
    }
    const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href);
    return module["default"] ?? module;
  }
  return undefined;
}

/** Gives what to throw when none of these packages is installed. */
export function missingDriver(...names: readonly string[]): SessgenError {
  return new SessgenError("backend/missing-driver", `The package ${names.join(" or ")} is not installed`, {
    fix: `Run \`npm install ${names[0]}\`.`,
  });
}

function runtimePlace(): string {
  return require.resolve("@sessgen/runtime/package.json");
}
