import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { TsConfigJson, TsConfigResult } from "get-tsconfig";
import type { ParseError } from "jsonc-parser";
import { SessgenError } from "../errors.js";
import { placeAt, withoutBom } from "../text.js";
import { whereInJson } from "./json-place.js";

/** What a tsconfig says, with what it extends. */
export interface Tsconfig {
  readonly path: string;
  /** The tsconfig and what it extends by relative paths, and those that led here. */
  readonly files: readonly string[];
  readonly options: TsConfigJson.CompilerOptions;
  /** Whether it names the file that was asked for, by `include` or `files`. */
  readonly includes: boolean;
}

/**
 * Finds the tsconfig that applies to a folder.
 * @throws SessgenError `config/tsconfig` when it cannot be read, for example because it extends
 *   what is not there
 */
export async function findTsconfig(folder: string): Promise<Tsconfig | undefined> {
  return read(join(folder, "index.ts"), async (found) => [found]);
}

/**
 * Finds the tsconfig that a source file is compiled with: the nearest one, or the one that this
 * refers to and that includes the file, as in projects whose own tsconfig only has references.
 * @param file - need not be there yet
 * @throws SessgenError `config/tsconfig`
 */
export async function tsconfigFor(file: string): Promise<Tsconfig | undefined> {
  return read(file, (found) => pathTo(file, found));
}

/** @param wayTo - from the tsconfig that was found to the one that is wanted, which stands last */
async function read(
  file: string,
  wayTo: (found: TsConfigResult) => Promise<readonly TsConfigResult[]>,
): Promise<Tsconfig | undefined> {
  const { createFilesMatcher, getTsconfig } = await import("get-tsconfig");
  const folder = dirname(file);
  try {
    const first = nearest(folder);
    // What reads them passes over what it does not understand: its answer would be half of them.
    if (first !== undefined) await chain(first);
    const found = getTsconfig(folder);
    if (found === null) return undefined;
    const way = await wayTo(found);
    const last = way.at(-1) ?? found;
    const { path, config } = last;
    const files = await Promise.all(way.map((step) => chain(step.path)));
    return {
      path,
      files: [...new Set(files.flat())],
      options: config.compilerOptions ?? {},
      includes: createFilesMatcher(last)(file) !== undefined,
    };
  } catch (cause) {
    if (cause instanceof SessgenError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    const found = nearest(folder);
    const member = message.startsWith("it refers") ? "references" : "extends";
    throw new SessgenError("config/tsconfig", `The tsconfig of the project cannot be read: ${message}`, {
      where: found === undefined ? { file: folder } : whereInJson([found], [member]),
      cause,
    });
  }
}

/** The tsconfig that stands in the folder, or in the next one above. */
function nearest(folder: string): string | undefined {
  const file = join(folder, "tsconfig.json");
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? undefined : nearest(dirname(folder));
}

/** The way to the project that includes the file, itself in front; to itself, if none does. */
async function pathTo(
  file: string,
  project: TsConfigResult,
  seen: readonly string[] = [],
): Promise<readonly TsConfigResult[]> {
  const { createFilesMatcher, parseTsconfig } = await import("get-tsconfig");
  if (createFilesMatcher(project)(file) !== undefined) return [project];
  let missing: string | undefined;
  for (const { path } of project.config.references ?? []) {
    const target = resolve(dirname(project.path), path);
    const referred = target.endsWith(".json") ? target : join(target, "tsconfig.json");
    if (seen.includes(referred)) continue;
    if (!existsSync(referred)) {
      missing = path;
      continue;
    }
    const way = await pathTo(file, { path: referred, config: parseTsconfig(referred) }, [...seen, referred]);
    const last = way.at(-1);
    if (last !== undefined && createFilesMatcher(last)(file) !== undefined) return [project, ...way];
  }
  // What applies may be the one that is not there yet.
  if (missing !== undefined) throw new Error(`it refers to ${missing}, which is not there`);
  return [project];
}

/** The file and those it extends; packages change with their version and are left out. */
async function chain(file: string, seen: readonly string[] = []): Promise<string[]> {
  if (seen.includes(file) || !existsSync(file)) return [];
  const { extends: bases } = Object(await parsed(file)) as { extends?: string | string[] };
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

/** Parses what the compiler takes for JSON: with comments and commas at ends, or nothing at all. */
async function parsed(file: string): Promise<unknown> {
  const { parse, printParseErrorCode } = await import("jsonc-parser");
  const text = withoutBom(readFileSync(file, "utf8"));
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [first] = errors;
  if (first === undefined) return value;
  const { error, offset } = first;
  throw new SessgenError("config/tsconfig", `${basename(file)} is not JSON: ${printParseErrorCode(error)}`, {
    where: { file, ...placeAt(text, offset) },
  });
}
