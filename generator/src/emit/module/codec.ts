import type { FileBuilder } from "../../code/file-builder.js";
import { indent } from "../../code/indent.js";
import type { Field, SessionModel } from "../../model/model.js";
import { CodecContext } from "./codec-context.js";
import { namesOf } from "./codec-named.js";
import { readText, writeText } from "./codec-packed.js";
import { fromPlainText, toPlainText } from "./codec-plain.js";
import { codecConstant } from "./field-names.js";
import { importTypes } from "./type-imports.js";
import { typeText } from "./type-text.js";

/**
 * Writes `codec.ts`: how each field is stored, straight-line, in the packed format and as plain
 * data.
 */
export function writeCodec(file: FileBuilder, model: SessionModel, importExtension: string): void {
  const context = new CodecContext(model, namesOf);
  const codecs = model.fields.map((field) => codecText(context, field));
  const text = [...context.declarations, ...codecs].join("\n\n");
  const types = ["FieldCodec", "PackedReader", "PackedWriter", "PlainCodec"].filter((name) =>
    new RegExp(`\\b${name}\\b`).test(text),
  );
  if (types.length > 0) {
    file.addImportDeclaration({ isTypeOnly: true, moduleSpecifier: "@sessgen/runtime", namedImports: types });
  }
  if (context.helpers.length > 0) {
    file.addImportDeclaration({ moduleSpecifier: "@sessgen/runtime", namedImports: [...context.helpers] });
  }
  if (context.checks.length > 0) {
    file.addImportDeclaration({
      moduleSpecifier: `./checks${importExtension}`,
      namedImports: [...context.checks],
    });
  }
  importTypes(file, model, context.typeTexts, importExtension);
  file.addStatements(`\n${indent(text)}`);
}

function codecText(context: CodecContext, field: Field): string {
  const { type, name } = field;
  const write = writeText(context, type, "value", name);
  const read = readText(context, type, name);
  const toPlain = toPlainText(context, type, "value", name);
  const fromPlain = fromPlainText(context, type, "value", name);
  const plain = (text: string): string => (/\bplain\b/.test(text) ? "(value, plain)" : "(value)");
  const unused = (text: string, parameter: string): string =>
    new RegExp(`\\b${parameter}\\b`).test(text) ? parameter : `_${parameter}`;
  return [
    `export const ${codecConstant(field)}: FieldCodec<${context.typed(typeText(type))}> = {`,
    /\bvalue\b/.test(write) ? `write(writer, value) {` : "write(writer) {",
    write,
    "},",
    `read: (${unused(read, "reader")}) => ${read},`,
    `toPlain: ${plain(toPlain)} => ${toPlain},`,
    `fromPlain: ${/\bvalue\b/.test(fromPlain) ? plain(fromPlain) : "()"} => ${fromPlain},`,
    "};",
  ].join("\n");
}
