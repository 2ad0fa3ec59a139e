import type { FileBuilder } from "../../code/file-builder.js";
import { docText } from "../../code/jsdoc.js";
import { memberKey } from "../../code/names.js";
import type { SessionModel } from "../../model/model.js";
import { assignableTypeText, fieldConstant, fieldTypeText, flashLists } from "./field-names.js";
import { importTypes } from "./type-imports.js";

/** Writes `session.ts`: the class with a getter and a setter per field. */
export function writeSession(
  file: FileBuilder,
  model: SessionModel,
  importExtension: string,
  className: string,
): void {
  file.addImportDeclaration({ moduleSpecifier: "@sessgen/runtime", namedImports: ["SessionBase"] });
  if (model.fields.length > 0) {
    file.addImportDeclaration({
      moduleSpecifier: `./fields${importExtension}`,
      namedImports: model.fields.map(fieldConstant).sort(),
    });
  }
  importTypes(file, model, model.fields.map(fieldTypeText), importExtension);
  const client = model.fields.some(({ policy }) => policy.client);
  const flash = flashLists(model).length > 0;
  const types = ["SessionData", "SessionPatch"];
  if (client || flash) types.push(client ? "SessionClient" : "object");
  if (flash) types.push("SessionFlash");
  file.addImportDeclaration({
    isTypeOnly: true,
    moduleSpecifier: `./types${importExtension}`,
    namedImports: types.filter((name) => name !== "object").sort(),
  });
  file.addClass({
    isExported: true,
    name: className,
    extends: `SessionBase<${types.join(", ")}>`,
    docs: [
      docText(model.description) ??
        "A visitor's session. Members that begin with `$` are its own; all others are fields.",
    ],
    getAccessors: model.fields.map((field) => {
      const doc = docText(field.description);
      return {
        name: memberKey(field.name),
        returnType: fieldTypeText(field),
        statements: [`return this.$get(${fieldConstant(field)});`],
        ...(doc === undefined ? {} : { docs: [doc] }),
      };
    }),
    setAccessors: model.fields.map((field) => ({
      name: memberKey(field.name),
      parameters: [{ name: "value", type: assignableTypeText(field) }],
      statements: [`this.$set(${fieldConstant(field)}, value);`],
    })),
  });
}
