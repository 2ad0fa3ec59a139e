import { loadMorph } from "../code/morph.js";
import type { Where } from "../errors.js";

/**
 * Gives what a module exports, with the places, without running it. `undefined`: it passes on what
 * another module exports, or is no ES module; then the compiler says what is missing.
 */
export function exportsOf(file: string): ReadonlyMap<string, Where> | undefined {
  const { Project } = loadMorph();
  const project = new Project({
    skipLoadingLibFiles: true,
    skipFileDependencyResolution: true,
    compilerOptions: { allowJs: true },
  });
  const source = project.addSourceFileAtPath(file);
  const passedOn = source.getExportDeclarations();
  if (passedOn.some((declaration) => declaration.isNamespaceExport())) return undefined;
  if (source.getDescendants().some((node) => /^(module\.)?exports\b/.test(node.getText()))) return undefined;
  const found = new Map<string, Where>();
  const note = (name: string, start: number): void => {
    found.set(name, { file, ...source.getLineAndColumnAtPos(start) });
  };
  for (const [name, [declared]] of source.getExportedDeclarations())
    note(name, declared?.getSourceFile() === source ? declared.getStart() : 0);
  for (const item of passedOn.flatMap((declaration) => declaration.getNamedExports()))
    note(item.getAliasNode()?.getText() ?? item.getName(), item.getStart());
  return found;
}
