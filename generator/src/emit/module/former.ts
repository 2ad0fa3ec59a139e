import type { CodeFile } from "../../code/code-file.js";
import type { Doc } from "../../code/doc.js";
import { camelCase } from "../../code/names.js";
import { callWith, tallObject } from "../../code/syntax.js";
import type { FormerType, Property } from "../../model/model.js";
import type { TypeTexts } from "./kinds/kind.js";
import { storedMember } from "./renamed.js";

/**
 * Gives the types that a field or a property had, each with the function that takes its values to
 * the next one. The compiler sees what either takes and gives.
 */
export function formerCode(
  file: CodeFile,
  { name, type, former = [] }: Property,
  to: TypeTexts,
  codecOf: (former: FormerType) => Doc,
  specifierOf: (module: string) => string,
): Doc[] {
  return former.map((step, index) => {
    const next = former[index + 1]?.type ?? type;
    const use = (exported: string): string => {
      const wish = exported === "default" ? camelCase(`${name} up ${index + 1}`) : exported;
      return file.use(specifierOf(step.module), exported, wish);
    };
    const members: Doc[] = [
      `slot: ${step.slot}`,
      ...(step.stored === undefined ? [] : [storedMember("stored", step.stored)]),
      ["codec: ", codecOf(step)],
      `up: ${use(step.up)}`,
      ...(step.down === undefined ? [] : [`down: ${use(step.down)}`]),
    ];
    const callee = `${file.use("@sessgen/runtime", "upcast")}<${to.of(step.type)}, ${to.of(next)}>`;
    return callWith(callee, [], tallObject(members));
  });
}
