import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { PublicExplorer } from "cosmiconfig";
import type { ParseError } from "jsonc-parser";
import { SessgenError, type Where } from "../errors.js";
import { placeAt, withoutBom } from "../text.js";
import { whereInJson } from "./json-place.js";

/** Where a config may be, in the order of preference. */
export const configNames: readonly string[] = [
  "session.config.ts",
  "session.config.mts",
  "session.config.cts",
  "session.config.js",
  "session.config.mjs",
  "session.config.cjs",
  "session.config.json",
];

/** A config file, and what it holds. */
export interface FoundConfig {
  readonly file: string;
  readonly config: unknown;
}

/** Loads a module that is written in TypeScript or JavaScript. */
export type LoadModule = (file: string) => Promise<unknown>;

/**
 * Finds the config in the folder or above, as far as the folder with a package.json, and loads it.
 *
 * @param explicit - `--config`, relative to `cwd`
 * @throws SessgenError `config/not-found`, `config/ambiguous`, `config/syntax`, and whatever `load`
 *   throws
 */
export async function findConfig(
  cwd: string,
  explicit: string | undefined,
  load: LoadModule,
): Promise<FoundConfig> {
  const { cosmiconfig } = await import("cosmiconfig");
  const loader = (file: string): Promise<unknown> => load(file);
  await refuseBom(join(process.cwd(), "package.json"));
  const explorer = cosmiconfig("sessgen", {
    searchPlaces: [...configNames, "package.json"],
    packageProp: "sessgen",
    searchStrategy: "project",
    cache: false,
    // cosmiconfig's own loader for TypeScript needs the package `typescript`.
    loaders: {
      ".ts": loader,
      ".mts": loader,
      ".cts": loader,
      ".js": loader,
      ".mjs": loader,
      ".cjs": loader,
      ".json": loadJson,
    },
  });
  const found = await search(explorer, cwd, explicit);
  if (found === undefined) throw notFound(cwd, explicit);
  if (explicit === undefined) await refuseAnother(found.file);
  return found;
}

async function search(
  explorer: PublicExplorer,
  cwd: string,
  explicit: string | undefined,
): Promise<FoundConfig | undefined> {
  const file = explicit === undefined ? undefined : resolve(cwd, explicit);
  if (file !== undefined && !isConfigFile(file)) return undefined;
  const result = file === undefined ? await explorer.search(cwd) : await explorer.load(file);
  if (result === null) return undefined;
  if (result.isEmpty || result.config === undefined) {
    throw new SessgenError("config/empty", `${relative(cwd, result.filepath)} is empty`, {
      where: { file: result.filepath, line: 1, column: 1 },
    });
  }
  return { file: result.filepath, config: withoutSchema(result.filepath, result.config) };
}

/** Takes out what tells editors of the JSON Schema. */
function withoutSchema(file: string, config: unknown): unknown {
  if (!file.endsWith(".json") || typeof config !== "object" || config === null) return config;
  const { $schema: _, ...rest } = config as Readonly<Record<string, unknown>>;
  return rest;
}

function isConfigFile(file: string): boolean {
  return /\.(?:[cm]?[jt]s|json)$/.test(file) && statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function notFound(cwd: string, explicit: string | undefined): SessgenError {
  if (explicit !== undefined) {
    return new SessgenError("config/not-found", `There is no config in ${explicit}`, {
      where: { file: resolve(cwd, explicit) },
      fix: "Correct the path given with --config, relative to the working folder, to a file in TypeScript, JavaScript or JSON.",
    });
  }
  // cosmiconfig passes over files with nothing in them.
  const empty = configNames.map((name) => join(cwd, name)).find((file) => existsSync(file));
  return empty === undefined
    ? new SessgenError("config/not-found", "There is no session.config.ts here or above", {
        where: { file: cwd },
      })
    : new SessgenError("config/empty", `${basename(empty)} is empty`, {
        where: { file: empty, line: 1, column: 1 },
      });
}

/** cosmiconfig reads this file for options of its own, and knows no byte order mark. */
async function refuseBom(file: string): Promise<void> {
  const { readFile } = await import("node:fs/promises");
  const text = await readFile(file, "utf8").catch(() => "");
  if (text === withoutBom(text)) return;
  throw new SessgenError("config/syntax", "package.json begins with a byte order mark", {
    where: { file, line: 1, column: 1 },
    fix: "Save package.json as UTF-8 without a byte order mark (BOM).",
  });
}

/** Two configs in one folder: whichever was taken, somebody would wonder. */
async function refuseAnother(file: string): Promise<void> {
  const folder = dirname(file);
  const present = configNames.filter((name) => existsSync(join(folder, name)));
  const manifest = join(folder, "package.json");
  let last: Where = { file: join(folder, present.at(-1) ?? ""), line: 1, column: 1 };
  if (existsSync(manifest) && (await loadJson(manifest, undefined, "sessgen")) !== undefined) {
    present.push('package.json ("sessgen")');
    last = whereInJson([manifest], ["sessgen"]);
  }
  if (present.length < 2) return;
  throw new SessgenError("config/ambiguous", `There is more than one config: ${present.join(", ")}`, {
    where: last,
  });
}

/**
 * Parses a JSON file.
 * @param key - a member to give back instead of the whole
 * @throws SessgenError `config/syntax` with the place
 */
export async function loadJson(file: string, content?: string, key?: string): Promise<unknown> {
  const { readFile } = await import("node:fs/promises");
  const text = withoutBom(content ?? (await readFile(file, "utf8")));
  try {
    const value: unknown = JSON.parse(text);
    return key === undefined ? value : Reflect.get(Object(value), key);
  } catch (cause) {
    // Not every version of Node says where.
    const { parse, printParseErrorCode } = await import("jsonc-parser");
    const errors: ParseError[] = [];
    parse(text, errors, { disallowComments: true });
    const [{ error, offset } = { error: 0, offset: 0 }] = errors;
    throw new SessgenError("config/syntax", `${basename(file)} is not JSON: ${printParseErrorCode(error)}`, {
      where: { file, ...placeAt(text, offset) },
      cause,
    });
  }
}
