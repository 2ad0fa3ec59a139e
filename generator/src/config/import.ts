import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { SessgenError, type Where } from "../errors.js";

/** What evaluating a module touched. */
export interface Touched {
  /** Files it imported, itself included; of packages only the `package.json`. */
  readonly files: Set<string>;
  /** Variables it read from `process.env`; `*` when it listed them. */
  readonly env: Set<string>;
}

const require = createRequire(import.meta.url);

/**
 * Imports a module of the user's, in TypeScript or JavaScript, through tsx: ES module or CommonJS, with the path aliases of
 * the user's tsconfig. Leaves nothing behind: no files, no loader hooks, `process.env` as it was.
 *
 * @param touched - gets what the module imported and read
 * @throws SessgenError `config/syntax` or `config/threw`, with the place in the user's code
 */
export async function importModule(
  file: string,
  touched: Touched,
): Promise<Readonly<Record<string, unknown>>> {
  const [{ tsImport }, { getTsconfig }] = await Promise.all([import("tsx/esm/api"), import("get-tsconfig")]);
  const tsconfig = getTsconfig(dirname(file))?.path;
  if (tsconfig !== undefined) touched.files.add(tsconfig);
  touched.files.add(file);
  const before = new Set(Object.keys(require.cache));
  const restore = watchEnv(touched.env);
  const sourceMaps = process.sourceMapsEnabled;
  process.setSourceMapsEnabled?.(true);
  try {
    return await tsImport(pathToFileURL(file).href, {
      parentURL: import.meta.url,
      tsconfig: tsconfig ?? false,
      onImport: (url) => noteFile(touched, url),
    });
  } catch (error) {
    throw describe(file, error);
  } finally {
    process.setSourceMapsEnabled?.(sourceMaps ?? false);
    restore();
    for (const name of Object.keys(require.cache)) if (!before.has(name)) noteFile(touched, name);
  }
}

/** The value a module exports: `export default`, or `module.exports` behind one or two layers of interoperability. */
export function defaultExport(module: Readonly<Record<string, unknown>>): unknown {
  let value: unknown = module;
  while (typeof value === "object" && value !== null && "default" in value) value = value.default;
  return value === module ? undefined : value;
}

function noteFile(touched: Touched, url: string): void {
  const plain = url.replace(/\?.*$/, "");
  if (!plain.startsWith("file:") && !plain.startsWith(sep)) return;
  const file = plain.startsWith("file:") ? fileURLToPath(plain) : plain;
  const packaged = file.lastIndexOf(`${sep}node_modules${sep}`);
  if (packaged === -1) {
    touched.files.add(file);
    return;
  }
  // A package changes with its version, not file by file.
  const rest = file.slice(packaged + `${sep}node_modules${sep}`.length).split(sep);
  const name = rest.slice(0, rest[0]?.startsWith("@") ? 2 : 1);
  touched.files.add([file.slice(0, packaged), "node_modules", ...name, "package.json"].join(sep));
}

/** Notes the variables that are read until the returned function is called. */
function watchEnv(names: Set<string>): () => void {
  const env = process.env;
  const note = (name: string | symbol): void => {
    if (typeof name === "string") names.add(name);
  };
  process.env = new Proxy(env, {
    get: (target, name) => {
      note(name);
      return Reflect.get(target, name);
    },
    has: (target, name) => {
      note(name);
      return Reflect.has(target, name);
    },
    ownKeys: (target) => {
      names.add("*");
      return Reflect.ownKeys(target);
    },
  });
  return () => {
    process.env = env;
  };
}

function describe(file: string, error: unknown): SessgenError {
  if (error instanceof SessgenError) return error;
  const message = error instanceof Error ? error.message : String(error);
  // esbuild, inside tsx: "/folder/session.config.ts:3:5: ERROR: Expected …".
  const syntax = /^(.+?):(\d+):(\d+): ERROR: (.+)$/m.exec(message);
  if (syntax !== null) {
    const [, source = file, line, column, text = ""] = syntax;
    return new SessgenError("config/syntax", text, {
      where: { file: source, line: Number(line), column: Number(column) + 1 },
      cause: error,
    });
  }
  const where = { file, ...placeOf(file, error) };
  const code = error instanceof SyntaxError ? "config/syntax" : "config/threw";
  return new SessgenError(code, firstLine(message), { where, cause: error });
}

/** The topmost frame of the stack in the user's own files. */
function placeOf(file: string, error: unknown): Where {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const folder = dirname(file);
  for (const [, url = "", line, column] of stack.matchAll(
    /((?:file:\/\/)?\/[^\s():?]+)(?:\?[^\s:()]*)?:(\d+):(\d+)/g,
  )) {
    const source = url.startsWith("file:") ? fileURLToPath(url) : url;
    if (!source.startsWith(folder) || source.includes(`${sep}node_modules${sep}`)) continue;
    return { file: source, line: Number(line), column: Number(column) };
  }
  return {};
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
