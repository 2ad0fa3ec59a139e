import type { CodeFile } from "../../code/code-file.js";
import { camelCase } from "../../code/names.js";
import type { Field } from "../../model/model.js";
import type { ModuleExport } from "../../model/module-export.js";

/** Imports the application's own function that merges a field, if it has one. */
export function useMerge(
  file: CodeFile,
  field: Field,
  specifierOf: (module: string) => string,
): string | undefined {
  const merge = functionOf(field);
  if (merge === undefined) return undefined;
  const wish = merge.export === "default" ? `merge${capital(camelCase(field.name))}` : merge.export;
  return file.use(specifierOf(merge.module), merge.export, wish);
}

function functionOf({ policy: { merge } }: Field): ModuleExport | undefined {
  return typeof merge === "object" && "module" in merge ? merge : undefined;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
