import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Touched } from "./import.js";
import { packageOf } from "./manifest.js";
import type { ResolvedConfig } from "./resolved.js";

/**
 * Gives the language of the project: JavaScript where neither its config nor its package says
 * anything of TypeScript.
 * @param touched - gets the files that it depends on
 */
export function languageOf(
  { file, root }: Pick<ResolvedConfig, "file" | "root">,
  touched: Touched,
): ResolvedConfig["language"] {
  if (/\.[cm]?ts$/.test(file)) return "typescript";
  const manifest = packageOf(root);
  if (manifest !== undefined) touched.files.add(manifest.file);
  const folders = manifest === undefined ? [root] : foldersBetween(root, manifest.folder);
  const compiled = folders.some((folder) => existsSync(join(folder, "tsconfig.json")));
  return compiled || manifest?.packages.has("typescript") ? "typescript" : "javascript";
}

/** The folders from one to another one above it, both included. */
function foldersBetween(below: string, above: string): readonly string[] {
  return below === above || dirname(below) === below
    ? [below]
    : [below, ...foldersBetween(dirname(below), above)];
}
