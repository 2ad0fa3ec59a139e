import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "oxc-parser";

/** What makes a test slow, when it or a helper of its imports it: a server, another program. */
const slow = /[\\/]services[\\/]|^node:child_process$/;

/** What a test is about, which may do what it likes. */
const subject = /[\\/](?:src|dist)[\\/]/;

/**
 * Whether the test needs no server and starts no other program. What it imports says so, and what
 * that imports; types and what is tested do not count.
 *
 * @param file - an absolute path
 */
export function isFast(file, seen = new Set()) {
  if (seen.has(file)) return true;
  seen.add(file);
  return importsOf(file).every(
    (imported) =>
      !slow.test(imported) && (!existsSync(imported) || subject.test(imported) || isFast(imported, seen)),
  );
}

/**
 * The files and packages that a file imports, statically or not. Of a folder beside it that it
 * names by `new URL("folder/", import.meta.url)`, it imports all.
 */
function importsOf(file) {
  const source = readFileSync(file, "utf8");
  const { module } = parseSync(file, source);
  const specifiers = [
    ...module.staticImports
      .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
      .map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ isType, moduleRequest }) => (isType || !moduleRequest ? [] : [moduleRequest.value])),
    ),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => source.slice(start + 1, end - 1)),
  ];
  const folders = [...source.matchAll(/new URL\("([\w-]+)\/", import\.meta\.url\)/g)]
    .map(([, folder]) => join(dirname(file), folder))
    .filter((folder) => existsSync(folder));
  const beside = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(folder, name)),
  );
  const imported = specifiers.map((specifier) => {
    if (!specifier.startsWith(".")) return specifier;
    const path = join(dirname(file), specifier);
    const typescript = path.replace(/\.js$/, ".ts");
    return existsSync(typescript) ? typescript : path;
  });
  return [...imported, ...beside];
}
