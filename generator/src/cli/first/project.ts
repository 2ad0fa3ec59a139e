import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import type { Backend } from "../../backends/backend.js";
import type { Catalog } from "../../config/catalog.js";
import { loadJson } from "../../config/find.js";
import type { Framework } from "../../frameworks/framework.js";
import { type FoundTool, hasSign, migrationToolOf } from "./migration-tools.js";
import { type PackageManager, packageManagerOf } from "./package-manager.js";

/** What the project says about itself. */
export interface Project {
  readonly cwd: string;
  readonly manager: PackageManager;
  /** JavaScript files are ES modules. */
  readonly module: boolean;
  readonly frameworks: readonly Framework[];
  /** The backends it has clients of, the one to choose in front. */
  readonly backends: readonly Backend[];
  /** The tool for its migrations. */
  readonly migrations?: FoundTool;
  /** Where the module is emitted. */
  readonly output: string;
  readonly typescript: boolean;
  readonly packages: ReadonlySet<string>;
  /** The text of package.json. */
  readonly manifest: string | undefined;
  readonly scripts: Readonly<Record<string, unknown>>;
  /** The config is in package.json. */
  readonly configured: boolean;
  /** Says whether there is a file or folder of this name. */
  has(path: string): boolean;
  /** Gives the text of a file; nothing where there is none. */
  read(path: string): string | undefined;
  /** Gives the first number of the version that package.json asks for, where it names one. */
  majorOf(name: string): number | undefined;
}

/**
 * Looks at the project that is to have a first config.
 * @param named - frameworks that the user asks for, in place of those that are found
 * @throws SessgenError `config/syntax` for a package.json that is no JSON
 */
export async function look(
  cwd: string,
  { frameworks, backends }: Catalog,
  named?: readonly Framework[],
): Promise<Project> {
  const manifest = await readFile(join(cwd, "package.json"), "utf8").catch(() => undefined);
  const json = Object(
    manifest === undefined ? {} : await loadJson(join(cwd, "package.json"), manifest),
  ) as Readonly<Record<string, unknown>>;
  const ranges = new Map(
    ["dependencies", "devDependencies"].flatMap((key) => Object.entries<unknown>(Object(json[key]))),
  );
  const packages = new Set(ranges.keys());
  const files = await readdir(cwd).catch(() => []);
  const found = named ?? used([...frameworks.values()], packages, files);
  const has = (path: string): boolean => existsSync(join(cwd, path));
  const read = (path: string): string | undefined => textOf(join(cwd, path));
  const migrations = migrationToolOf(packages, files, { read, has });
  return {
    cwd,
    manager: await packageManagerOf(cwd),
    module: json["type"] === "module",
    frameworks: found,
    backends: reached([...backends.values()], packages, files),
    ...(migrations === undefined ? {} : { migrations }),
    output: found.find(({ output }) => output !== undefined)?.output ?? "src/session",
    typescript: packages.has("typescript") || existsSync(join(cwd, "tsconfig.json")),
    packages,
    manifest,
    scripts: Object(json["scripts"]),
    configured: json["sessgen"] !== undefined,
    has,
    read,
    majorOf: (name) => {
      const [, major] = /^[\^~]?(\d+)\b/.exec(String(ranges.get(name))) ?? [];
      return major === undefined ? undefined : Number(major);
    },
  };
}

/** Nothing for what is no file: a folder, or nothing at all. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** The frameworks of a project, but for those that others of them are made of. */
function used(
  all: readonly Framework[],
  packages: ReadonlySet<string>,
  files: readonly string[],
): readonly Framework[] {
  const found = all.filter(
    (framework) =>
      framework.packages.some((name) => packages.has(name)) || hasSign(framework.signs ?? [], files),
  );
  const covered = new Set(found.flatMap(({ covers = [] }) => covers));
  const own = found.filter(({ name }) => !covered.has(name));
  const answers = own.some(({ beside }) => !beside) ? [] : all.filter(({ fallback }) => fallback);
  return own.length === 0 ? own : [...answers, ...own];
}

function reached(
  all: readonly Backend[],
  packages: ReadonlySet<string>,
  files: readonly string[],
): readonly Backend[] {
  return all
    .filter(
      ({ clients = [], companions = [], signs = [] }) =>
        [...clients, ...companions].some((name) => packages.has(name)) || hasSign(signs, files),
    )
    .sort((one, other) => rankOf(one) - rankOf(other));
}

function rankOf({ first }: Backend): number {
  return first.rank ?? Number.POSITIVE_INFINITY;
}

/**
 * Gives the package to install for a backend; nothing when one is there, or Node has all it takes.
 */
export function missingClient(
  { clients = [], builtIn }: Backend,
  packages: ReadonlySet<string>,
): string | undefined {
  const isThere = clients.some((name) => packages.has(name)) || (builtIn !== undefined && isBuiltin(builtIn));
  return isThere ? undefined : clients[0];
}
