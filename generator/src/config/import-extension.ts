import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { type Envelope, envelopeOf } from "../errors.js";
import type { Touched } from "./import.js";
import { whereInJson } from "./json-place.js";
import { packageOf } from "./manifest.js";
import type { ResolvedConfig } from "./resolved.js";
import { toolsThatKeepEndings } from "./tools.js";
import { type Tsconfig, tsconfigFor } from "./tsconfig.js";

/** How relative imports of emitted files end. */
export type ImportExtension = ResolvedConfig["importExtension"];

/** What is found out of the project, and what should be said about it. */
export interface ChosenImports extends Pick<ResolvedConfig, "importExtension" | "moduleKind"> {
  readonly warnings: readonly Envelope[];
}

/**
 * Chooses how relative imports of emitted files end, so that the project's compiler and all that
 * runs or bundles the project find them. Nobody but the compiler looks into the tsconfig: bundlers
 * and Jest take `./x.js` for a file of that name.
 *
 * @param touched - gets the files that it depends on
 */
export async function chooseImports(
  { root, output, language, storeName }: Pick<ResolvedConfig, "root" | "output" | "language" | "storeName">,
  touched: Touched,
): Promise<ChosenImports> {
  const folder = join(root, output);
  const tsconfig = await tsconfigFor(join(folder, "index.ts"));
  for (const file of tsconfig?.files ?? []) touched.files.add(file);
  // The folder that emitted files are in decides, not that of the config.
  const manifest = packageOf(folder);
  if (manifest !== undefined) touched.files.add(manifest.file);
  const isModule = manifest?.isModule ?? false;
  // What a framework bundles, Node never sees: and Next.js breaks `require("next/server")`.
  const isBundled = storeName !== undefined;
  const chosen = (importExtension: ImportExtension, warnings: readonly Envelope[] = []): ChosenImports => ({
    importExtension,
    moduleKind: isModule || isBundled ? "esm" : "commonjs",
    warnings,
  });
  if (language === "javascript") return chosen(".js");
  if (tsconfig === undefined) return chosen(runsOnDeno(root) ? ".ts" : ".js");
  // Of a repository with several packages the one above may compile nothing itself.
  const own = manifest === undefined || !relative(manifest.folder, tsconfig.path).startsWith("..");
  const place = own ? misplaced(output, folder, tsconfig) : [];
  const demanded = demandedExtension(tsconfig, isModule);
  const verbatim = isVerbatimCommonJs(tsconfig, isModule) ? [unwritable(tsconfig)] : [];
  if (demanded !== undefined && demanded !== ".js") return chosen(demanded, [...place, ...verbatim]);
  const tools = manifest === undefined ? [] : toolsThatKeepEndings(manifest, touched);
  // The compiler lets both pass.
  if (demanded === undefined) return chosen(tools.length > 0 ? "" : ".js", place);
  return chosen(demanded, [...place, ...tools.map((tool) => unresolvable(tool, tsconfig))]);
}

/** What the compiler makes of a module that is imported from outside of what it compiles. */
function misplaced(
  output: string,
  folder: string,
  { path, files, options, includes }: Tsconfig,
): readonly Envelope[] {
  const rootDir = options.rootDir === undefined ? undefined : resolve(dirname(path), options.rootDir);
  const beyond = rootDir !== undefined && relative(rootDir, folder).startsWith("..");
  if (options.noEmit || (includes && !beyond)) return [];
  const summary = beyond
    ? `${output} is outside of the rootDir of the tsconfig`
    : `${output} is none of the folders that the tsconfig includes`;
  const members = beyond ? ["compilerOptions.rootDir"] : ["include", "files", "exclude"];
  return [envelopeOf("config/output-outside", summary, { where: whereInJson([path, ...files], members) })];
}

/**
 * Decides by the compiler's rules. No ending is what bundlers, Jest, ts-node and `require()` all
 * understand, so it is taken wherever no ES module of Node's comes out.
 * @returns `undefined`: the compiler takes any, and Node itself may run what it makes
 */
function demandedExtension({ options }: Tsconfig, isModule: boolean): ImportExtension | undefined {
  if (options.allowImportingTsExtensions || options.rewriteRelativeImportExtensions) return ".ts";
  const module = options.module?.toLowerCase() ?? "";
  const resolution = options.moduleResolution?.toLowerCase() ?? "";
  // ES modules of Node find nothing without an ending.
  if (/^node(?:\d+|next)$/.test(module) || /^node(?:16|next)$/.test(resolution)) return isModule ? ".js" : "";
  // For bundlers, and for what is compiled to require().
  if (!isModule || resolution === "bundler" || module === "commonjs" || module === "preserve") return "";
  return undefined;
}

/** CommonJS in which the compiler lets nobody write `import` and `export`. */
function isVerbatimCommonJs({ options }: Tsconfig, isModule: boolean): boolean {
  const module = options.module?.toLowerCase() ?? "";
  const isCommonJs = module === "commonjs" || (/^node(?:\d+|next)$/.test(module) && !isModule);
  return options.verbatimModuleSyntax === true && isCommonJs;
}

function unwritable({ path, files }: Tsconfig): Envelope {
  return envelopeOf(
    "config/verbatim-commonjs",
    "With verbatimModuleSyntax the compiler lets no CommonJS file import or export",
    { where: whereInJson([path, ...files], ["compilerOptions.verbatimModuleSyntax"]) },
  );
}

/** Deno and nothing else: it looks for the very file that an import names. */
function runsOnDeno(root: string): boolean {
  return ["deno.json", "deno.jsonc"].some((name) => existsSync(join(root, name)));
}

function unresolvable(
  { name, way }: { readonly name: string; readonly way: string },
  { path, files }: Tsconfig,
): Envelope {
  return envelopeOf(
    "config/unresolvable-imports",
    `${name} finds no file by ./session.js where there is a session.ts, and this tsconfig asks for such imports`,
    {
      where: whereInJson([path, ...files], ["compilerOptions.moduleResolution", "compilerOptions.module"]),
      fix: `Set "allowImportingTsExtensions": true in the tsconfig, or "moduleResolution": "bundler", or ${way}. If it works as it is, say importExtension: ".js" in session.config.ts.`,
    },
  );
}
