import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { SessgenError } from "../errors.js";

/** What the project's tsconfig says, as far as it concerns us. */
export interface Tsconfig {
  readonly path: string;
  /** The tsconfig and what it extends by relative paths. */
  readonly files: readonly string[];
  readonly allowsTsImports: boolean;
}

/**
 * Finds the tsconfig that applies to a folder.
 * @throws SessgenError `config/tsconfig` when it cannot be read, for example because it extends
 *   what is not there
 */
export async function findTsconfig(folder: string): Promise<Tsconfig | undefined> {
  const { getTsconfig } = await import("get-tsconfig");
  try {
    const found = getTsconfig(folder);
    if (found === null) return undefined;
    const { allowImportingTsExtensions, rewriteRelativeImportExtensions } =
      found.config.compilerOptions ?? {};
    return {
      path: found.path,
      files: await chain(found.path),
      allowsTsImports: Boolean(allowImportingTsExtensions || rewriteRelativeImportExtensions),
    };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new SessgenError("config/tsconfig", `The tsconfig of the project cannot be read: ${message}`, {
      where: { file: folder },
      cause,
    });
  }
}

/** The file and those it extends; packages change with their version and are left out. */
async function chain(file: string, seen: readonly string[] = []): Promise<string[]> {
  if (seen.includes(file) || !existsSync(file)) return [];
  const { parse } = await import("jsonc-parser");
  const { extends: bases } = Object(parse(readFileSync(file, "utf8"))) as { extends?: string | string[] };
  const found = [file];
  for (const base of [bases ?? []].flat()) {
    if (!base.startsWith(".") && !base.startsWith("/")) continue;
    const path = resolve(dirname(file), base);
    const target = [path, `${path}.json`, join(path, "tsconfig.json")].find(
      (candidate) => candidate.endsWith(".json") && existsSync(candidate),
    );
    if (target !== undefined) found.push(...(await chain(target, [...seen, file])));
  }
  return found;
}
