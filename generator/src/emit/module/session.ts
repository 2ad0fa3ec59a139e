import type { CodeFile } from "../../code/code-file.js";
import { docLines } from "../../code/jsdoc.js";
import { memberKey } from "../../code/names.js";
import { type Emission, fieldConstant } from "./emission.js";
import { fieldDoc } from "./field-docs.js";
import { assignableText, fieldText, flashLists } from "./field-texts.js";

/** Writes `session.ts`: the class with a getter and a setter per field. */
export function writeSession(file: CodeFile, emission: Emission, className: string): void {
  const { model } = emission;
  const useType = (name: string): string => file.useType(emission.file("types"), name);
  const useField = (field: (typeof model.fields)[number]): string =>
    file.use(emission.file("fields"), fieldConstant(field));
  const to = emission.texts(useType);
  const client = model.fields.some(({ policy }) => policy.client);
  const flash = flashLists(model).length > 0;
  const types = ["SessionData", "SessionPatch"].map(useType);
  if (client || flash) types.push(client ? useType("SessionClient") : "object");
  if (flash) types.push(useType("SessionFlash"));
  const base = `${file.use("@sessgen/runtime", "SessionBase")}<${types.join(", ")}>`;
  if (model.fields.length === 0) {
    file.add(`export class ${className} extends ${base} {}`);
    return;
  }
  file.addClass({
    isExported: true,
    name: className,
    extends: base,
    docs: docLines(
      model.description ??
        "A visitor's session. Members that begin with `$` are its own; all others are fields.",
    ),
    getAccessors: model.fields.map((field) => ({
      name: memberKey(field.name),
      returnType: fieldText(field, to),
      statements: [`return this.$get(${useField(field)});`],
      docs: docLines(fieldDoc(model, field), 1),
    })),
    setAccessors: model.fields.map((field) => ({
      name: memberKey(field.name),
      parameters: [{ name: "value", type: assignableText(field, to) }],
      statements: [`this.$set(${useField(field)}, value);`],
    })),
  });
}
