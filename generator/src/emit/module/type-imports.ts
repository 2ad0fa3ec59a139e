import type { FileBuilder } from "../../code/file-builder.js";
import type { SessionModel } from "../../model/model.js";
import { namedTypes } from "./named-types.js";

/** Imports from `types.ts` the named types that occur in the given type texts. */
export function importTypes(
  file: FileBuilder,
  model: SessionModel,
  texts: readonly string[],
  importExtension: string,
): void {
  const words = new Set(texts.flatMap((text) => text.match(/[\p{ID_Continue}$]+/gu) ?? []));
  const names = [...namedTypes(model).keys()].filter((name) => words.has(name)).sort();
  if (names.length === 0) return;
  file.addImportDeclaration({
    isTypeOnly: true,
    moduleSpecifier: `./types${importExtension}`,
    namedImports: names,
  });
}
