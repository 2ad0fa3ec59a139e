import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { loadMorph } from "../code/morph.js";
import { SessgenError, SessgenErrors } from "../errors.js";
import type { ModuleExport } from "../model/policies/merge.js";
import { backendOf, type Catalog } from "./catalog.js";
import type { Touched } from "./import.js";
import { backendPath } from "./problems.js";
import type { ResolvedConfig } from "./resolved.js";

/**
 * Looks whether the functions that the emitted code will import are there. Reads the modules
 * without running them: they may need what only the application has. Their types are the compiler's
 * affair.
 *
 * @param touched - gets the modules
 * @throws SessgenErrors `config/no-such-export`, with the place in the config
 */
export async function checkExports(
  {
    file,
    root,
    fields,
    parts,
    backends,
  }: Pick<ResolvedConfig, "file" | "root" | "fields" | "parts" | "backends">,
  catalog: Pick<Catalog, "backends">,
  touched: Touched,
): Promise<void> {
  const errors: SessgenError[] = [];
  const report = async (path: readonly string[], summary: string): Promise<void> => {
    const { locate } = await import("./locate.js");
    const where = { ...(await locate(file, path)), path: path.join(".") };
    errors.push(new SessgenError("config/no-such-export", summary, { where }));
  };
  for (const [field, { merge }] of Object.entries(fields)) {
    if (typeof merge !== "object" || !("module" in merge)) continue;
    touched.files.add(resolve(root, merge.module));
    const problem = problemOf(root, merge);
    if (problem === undefined) continue;
    await report(["fields", field, "merge", problem.option], problem.summary);
  }
  for (const [field, { upcast = [] }] of Object.entries(fields)) {
    for (const [index, { module, export: up, down }] of upcast.entries()) {
      touched.files.add(resolve(root, module));
      const problem =
        problemOf(root, { module, export: up }) ?? (down && problemOf(root, { module, export: down }));
      if (!problem) continue;
      await report(["fields", field, "upcast", String(index), problem.option], problem.summary);
    }
  }
  if (parts !== undefined) {
    touched.files.add(resolve(root, parts));
    if (!existsSync(resolve(root, parts))) await report(["parts"], `There is no file ${parts}`);
  }
  for (const [environment, options] of Object.entries(backends)) {
    for (const option of Object.keys(backendOf(catalog, options.kind).imports ?? {})) {
      const module = options[option];
      if (typeof module !== "string") continue;
      touched.files.add(resolve(root, module));
      const problem = problemOf(root, { module, export: "default" });
      if (problem !== undefined) await report(backendPath(environment, option), problem.summary);
    }
  }
  if (errors.length > 0) throw new SessgenErrors(errors);
}

function problemOf(
  root: string,
  { module, export: name }: ModuleExport,
): { readonly option: "module" | "export"; readonly summary: string } | undefined {
  const file = resolve(root, module);
  if (!existsSync(file)) return { option: "module", summary: `There is no file ${module}` };
  const names = exportsOf(file);
  if (names === undefined || names.has(name)) return undefined;
  const there = names.size === 0 ? "nothing" : `only ${[...names].join(", ")}`;
  const missing = name === "default" ? "has no default export" : `exports no ${name}`;
  return { option: "export", summary: `${module} ${missing}, but ${there}` };
}

/**
 * `undefined`: it passes on what another module exports, or is no ES module; then the compiler says
 * what is missing.
 */
function exportsOf(file: string): ReadonlySet<string> | undefined {
  const { Project } = loadMorph();
  const project = new Project({
    skipLoadingLibFiles: true,
    skipFileDependencyResolution: true,
    compilerOptions: { allowJs: true },
  });
  const source = project.addSourceFileAtPath(file);
  const passesOn = source.getExportDeclarations().some((declaration) => declaration.isNamespaceExport());
  if (passesOn || source.getDescendants().some((node) => /^(module\.)?exports\b/.test(node.getText())))
    return undefined;
  const named = source
    .getExportDeclarations()
    .flatMap((declaration) =>
      declaration.getNamedExports().map((item) => item.getAliasNode()?.getText() ?? item.getName()),
    );
  return new Set([...source.getExportedDeclarations().keys(), ...named]);
}
