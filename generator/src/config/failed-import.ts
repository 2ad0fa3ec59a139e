import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { SessgenError, type Where } from "../errors.js";

/** Says what was wrong with a module of the user's that could not be imported, and where. */
export function failedImport(file: string, error: unknown): SessgenError {
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
  const where = placeOf(error) ?? importPlace(file, error, message) ?? { file };
  const linking = /does not provide an export named/.test(message);
  const code = error instanceof SyntaxError && !linking ? "config/syntax" : "config/threw";
  return new SessgenError(code, firstLine(message), { where, cause: error });
}

const ourselves = fileURLToPath(new URL("../..", import.meta.url));

/** The topmost frame of the stack in the user's own files. */
function placeOf(error: unknown): Where | undefined {
  return framesOf(error).find(({ file }) => !file.includes(`${sep}node_modules${sep}`));
}

/** Gives the frames of the stack in files that are not ours. */
export function framesOf(error: unknown): (Where & { readonly file: string })[] {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return [...stack.matchAll(/^\s+at (?:.*? \()?(.+?):(\d+):(\d+)\)?$/gm)].flatMap(
    ([, source = "", line, column]) => {
      const file = fileOf(source);
      if (file === undefined || file.startsWith(ourselves)) return [];
      return [{ file, line: Number(line), column: Number(column) }];
    },
  );
}

/**
 * The file of a stack frame: a path, a URL, or the `data:` URL that tsx makes of a CommonJS module.
 */
function fileOf(source: string): string | undefined {
  const named = /[?&]filePath=([^&]+)/.exec(source)?.[1];
  const plain = (named === undefined ? source : decodeURIComponent(named)).replace(/\?.*$/, "");
  if (plain.startsWith("file:")) return fileURLToPath(plain);
  return isAbsolute(plain) ? plain : undefined;
}

/**
 * The import that failed before anything ran. Node names the module that is missing, or its
 * specifier, and who imports it: in the message, or where a name is missing, on top of the stack.
 */
function importPlace(config: string, error: unknown, message: string): Where | undefined {
  const wanted = /^Cannot find (?:module|package) '(.+?)'|^The requested module '(.+?)'/.exec(message);
  const missing = wanted?.[1] ?? wanted?.[2];
  if (missing === undefined) return undefined;
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const importer =
    / imported from (.+)$/m.exec(message)?.[1] ??
    /^Require stack:\n- (.+)$/m.exec(message)?.[1] ??
    /^(.+?)(?:\?.*)?:\d+\n/.exec(stack)?.[1] ??
    config;
  const file = fileOf(importer) ?? config;
  const stem = (path: string): string => path.replace(/\.[cm]?[jt]sx?$/, "");
  const names = (specifier: string): boolean =>
    specifier === missing ||
    specifier.startsWith(`${missing}/`) ||
    (specifier.startsWith(".") && stem(resolve(dirname(file), specifier)) === stem(missing));
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  for (const [index, line] of lines.entries())
    for (const found of line.matchAll(/(["'])(.+?)\1/g))
      if (names(found[2] ?? "")) return { file, line: index + 1, column: found.index + 1 };
  return { file };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
