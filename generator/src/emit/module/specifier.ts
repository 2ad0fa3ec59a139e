import { posix } from "node:path";
import type { ResolvedConfig } from "../../config/resolved.js";

/**
 * Says how emitted code imports a module of the application's, given by its path relative to the
 * config file.
 */
export function specifierOf(
  module: string,
  { root, output, importExtension }: Pick<ResolvedConfig, "root" | "output" | "importExtension">,
): string {
  const path = module.replaceAll("\\", "/");
  const relative = posix.relative(posix.join(root, output), posix.join(root, path));
  const specifier = relative.startsWith(".") ? relative : `./${relative}`;
  if (importExtension === ".ts") return specifier;
  // What TypeScript makes of .mts and .cts always has an extension in imports.
  return specifier.replace(/\.([cm]?)tsx?$/, (_all, kind) => (kind === "" ? importExtension : `.${kind}js`));
}
