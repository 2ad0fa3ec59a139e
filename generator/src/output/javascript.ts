import type { ts as Compiler } from "ts-morph";
import { banner } from "../code/banner.js";
import { loadMorph } from "../code/morph.js";
import type { Artifact } from "./artifact.js";

/**
 * Makes JavaScript of the TypeScript that was emitted, with its declarations beside it, for
 * projects that have no compiler. What has nothing but types is declarations alone.
 *
 * @param isModule - JavaScript files of the project are ES modules; otherwise they are CommonJS
 */
export function toJavaScript(artifacts: readonly Artifact[], isModule: boolean): readonly Artifact[] {
  const { ts } = loadMorph();
  const compilerOptions: Compiler.CompilerOptions = {
    module: isModule ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
    isolatedDeclarations: true,
    verbatimModuleSyntax: isModule,
    // Of NestJS: no runtime knows decorators yet.
    experimentalDecorators: true,
  };
  return artifacts.flatMap((artifact) => {
    const { path, content, kind } = artifact;
    // What is written once may be history by now, in whatever language it was.
    if (kind !== "owned" || !path.endsWith(".ts") || path.endsWith(".d.ts")) return [artifact];
    const stem = path.slice(0, -".ts".length);
    const declared = ts.transpileDeclaration(content, { compilerOptions, fileName: path }).outputText;
    const declarations: Artifact = { ...artifact, path: `${stem}.d.ts`, content: withBanner(declared) };
    const compiled = ts.transpileModule(content, { compilerOptions, fileName: path }).outputText;
    const code = withBanner(spaced(compiled));
    return isEmpty(code)
      ? [declarations]
      : [{ ...artifact, path: `${stem}.js`, content: code }, declarations];
  });
}

/** Whether there is nothing in it but what makes it a module. */
function isEmpty(code: string): boolean {
  const statements = code
    .replace(/^"use strict";$|^Object\.defineProperty\(exports, "__esModule".*$|^export \{\};$/gm, "")
    .replace(/^\/\/.*$/gm, "");
  return statements.trim() === "";
}

/** The compiler keeps comments, except where what follows them goes. */
function withBanner(text: string): string {
  return `${banner}\n${text.replace(banner, "")}`;
}

/** Puts back the empty lines in front of what has a comment, which the compiler takes out. */
function spaced(text: string): string {
  return text.replace(/(?<=[^\n])\n(?=\/\*\*\n|\/\*\* )/g, "\n\n");
}
