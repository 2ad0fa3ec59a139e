import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Touched } from "./import.js";
import type { PackageManifest } from "./manifest.js";

/**
 * A tool that takes the ending of an import as it is: by `./x.js` it finds no `x.ts` unless it is
 * told to.
 */
interface Tool {
  readonly name: string;
  /** A project that depends on it uses it. */
  readonly package: string;
  /** The beginnings of its configs' names. */
  readonly configs: readonly string[];
  /** Tells it to look for the source; `undefined`: nothing does. */
  readonly option?: string;
  /** What to do, as part of a sentence. */
  readonly way: string;
}

const tools: readonly Tool[] = [
  {
    name: "Turbopack of Next.js",
    package: "next",
    configs: ["next.config."],
    option: "extensionAlias",
    way: "build with webpack and its resolve.extensionAlias",
  },
  {
    name: "webpack",
    package: "webpack",
    configs: ["webpack."],
    option: "extensionAlias",
    way: 'give webpack resolve: { extensionAlias: { ".js": [".ts", ".js"] } }',
  },
  {
    name: "Rspack",
    package: "@rspack/core",
    configs: ["rspack."],
    option: "extensionAlias",
    way: 'give Rspack resolve: { extensionAlias: { ".js": [".ts", ".js"] } }',
  },
  {
    name: "Jest",
    package: "jest",
    configs: ["jest."],
    option: "moduleNameMapper",
    way: String.raw`give Jest moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" }`,
  },
];

/**
 * Gives the tools of the project that will not find sources by the names of compiled files. Configs
 * are not run: one that names the option is believed.
 *
 * @param touched - gets the configs
 */
export function toolsThatKeepEndings(manifest: PackageManifest, touched: Touched): readonly Tool[] {
  const used = tools.filter((tool) => manifest.packages.has(tool.package));
  if (used.length === 0) return [];
  const names = existsSync(manifest.folder) ? readdirSync(manifest.folder) : [];
  return used.filter(({ option, configs }) => {
    if (option === undefined) return true;
    const files = names
      .filter((name) => configs.some((start) => name.startsWith(start)))
      .map((name) => join(manifest.folder, name));
    for (const file of files) touched.files.add(file);
    return ![manifest.text, ...files.map((file) => readFileSync(file, "utf8"))].some((text) =>
      text.includes(option),
    );
  });
}
