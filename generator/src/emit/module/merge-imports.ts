import type { ImportDeclarationStructure, OptionalKind } from "ts-morph";
import { camelCase, helperNames, Scope } from "../../code/names.js";
import type { Field } from "../../model/model.js";
import type { ModuleExport } from "../../model/policies/merge.js";
import { codecConstant, fieldConstant } from "./field-names.js";

/**
 * The application's own functions that merge fields, each imported once, under a name that is free
 * in `fields.ts`.
 */
export class MergeImports {
  /** By specifier, then by name: the same every time. */
  readonly declarations: readonly OptionalKind<ImportDeclarationStructure>[];
  readonly #names = new Map<string, string>();

  /** @param taken - names that `fields.ts` uses besides its own constants */
  constructor(fields: readonly Field[], taken: Iterable<string>, specifierOf: (module: string) => string) {
    const scope = new Scope([
      ...helperNames,
      ..."fields history FieldDefinition History MergeFunction SessionDefinition".split(" "),
      ...taken,
      ...fields.map(fieldConstant),
      ...fields.map(codecConstant),
    ]);
    const modules = new Map<string, { name: string; alias?: string }[]>();
    for (const field of fields) {
      const merge = functionOf(field);
      if (merge === undefined || this.#names.has(keyOf(merge))) continue;
      const wish = merge.export === "default" ? `merge${capital(camelCase(field.name))}` : merge.export;
      const name = scope.declare(wish);
      this.#names.set(keyOf(merge), name);
      const specifier = specifierOf(merge.module);
      const imported = name === merge.export ? { name } : { name: merge.export, alias: name };
      modules.set(specifier, [...(modules.get(specifier) ?? []), imported]);
    }
    this.declarations = [...modules]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([moduleSpecifier, namedImports]) => ({ moduleSpecifier, namedImports }));
  }

  /** What the function that merges the field is called in `fields.ts`. */
  nameOf(field: Field): string | undefined {
    const merge = functionOf(field);
    return merge && this.#names.get(keyOf(merge));
  }
}

function functionOf({ policy: { merge } }: Field): ModuleExport | undefined {
  return typeof merge === "object" && "module" in merge ? merge : undefined;
}

function keyOf({ module, export: name }: ModuleExport): string {
  return `${name} ${module}`;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
