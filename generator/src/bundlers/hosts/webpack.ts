import type { Compiler as RspackCompiler } from "@rspack/core";
import type { Compiler } from "webpack";
import type { Envelope } from "../../errors.js";
import type { Outcome, Regeneration } from "../regeneration.js";

const name = "sessgen";

/**
 * Regenerates before webpack, or Rspack, looks for the first file; what is wrong is an error of the
 * compilation.
 */
export function forCompiler(regeneration: Regeneration, compiler: Compiler | RspackCompiler): void {
  // Of these hooks both have the same.
  const { hooks } = compiler as Compiler;
  let outcome: Outcome = { warnings: [], errors: [] };
  hooks.beforeRun.tapPromise(name, async () => {
    outcome = await regeneration.build();
  });
  hooks.watchRun.tapPromise(name, async ({ modifiedFiles, removedFiles }) => {
    for (const file of [...(modifiedFiles ?? []), ...(removedFiles ?? [])]) regeneration.changed(file);
    outcome = await regeneration.run();
  });
  hooks.afterCompile.tap(name, (compilation) => {
    for (const file of regeneration.inputs) compilation.fileDependencies.add(file);
    // Of the compilations of one run, such as those of child compilers, one tells.
    if (compilation.compiler.isChild()) return;
    const { warnings, errors } = outcome;
    compilation.warnings.push(...warnings.map((warning) => problem(regeneration, warning)));
    compilation.errors.push(...errors.map((error) => problem(regeneration, error)));
  });
}

/** A problem as compilations have them: whose stack is of no interest. */
function problem(regeneration: Regeneration, envelope: Envelope): never {
  const error = new Error(regeneration.text(envelope));
  error.stack = "";
  const place = regeneration.place(envelope);
  // Both read these of an error; the type that they export asks for all that their own have.
  return Object.assign(error, place && { file: `${place.file}:${place.line}:${place.column}` }) as never;
}
