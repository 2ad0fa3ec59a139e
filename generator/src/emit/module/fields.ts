import type { CodeBlockWriter } from "ts-morph";
import type { FileBuilder } from "../../code/file-builder.js";
import { docText } from "../../code/jsdoc.js";
import { memberAccess } from "../../code/names.js";
import { objectText } from "../../code/object-text.js";
import type { OptionValue } from "../../config/values.js";
import { historyOf, positionsOf } from "../../lock/history.js";
import type { Lock } from "../../lock/lock.js";
import { constantText } from "../../model/constant-text.js";
import type { Fallback, Field, FieldIndex, IndexStep, SessionModel } from "../../model/model.js";
import { eachPolicy } from "../../model/policies/policies.js";
import { durationText } from "./duration-text.js";
import { assignableTypeText, checkNames, codecConstant, fieldConstant, flashLists } from "./field-names.js";
import { MergeImports } from "./merge-imports.js";
import { namedTypes } from "./named-types.js";
import { optionText } from "./option-text.js";
import { importTypes } from "./type-imports.js";
import { typeText } from "./type-text.js";

/** Writes `fields.ts`: a definition per field, and all of them in slot order. */
export function writeFields(
  file: FileBuilder,
  model: SessionModel,
  lock: Lock,
  importExtension: string,
  specifierOf: (module: string) => string,
): void {
  const checks = checkNames(model).fields;
  const fields = [...model.fields].sort((one, other) => one.slot - other.slot);
  const lists = flashLists(model);
  const merges = new MergeImports(fields, [...checks.values(), ...namedTypes(model).keys()], specifierOf);
  file.addImportDeclaration({
    isTypeOnly: true,
    moduleSpecifier: "@sessgen/runtime",
    namedImports: [
      ...(fields.length === 0 ? [] : ["FieldDefinition"]),
      "History",
      ...(merges.declarations.length === 0 ? [] : ["MergeFunction"]),
      "SessionDefinition",
    ],
  });
  for (const declaration of merges.declarations) file.addImportDeclaration(declaration);
  if (fields.length > 0) {
    file.addImportDeclaration({
      moduleSpecifier: `./checks${importExtension}`,
      namedImports: fields.map((field) => checks.get(field.name) ?? "").sort(),
    });
    file.addImportDeclaration({
      moduleSpecifier: `./codec${importExtension}`,
      namedImports: fields.map(codecConstant).sort(),
    });
  }
  importTypes(file, model, fields.map(assignableTypeText), importExtension);
  const positions = positionsOf(model, lock);
  for (const field of fields) {
    const check = checks.get(field.name) ?? "";
    const isFlashList = lists.some((list) => list.field === field);
    file.addStatements((out) =>
      writeField(out, field, {
        check,
        position: positions.get(field.name) ?? 0,
        merge: merges.nameOf(field),
        isFlashList,
      }),
    );
  }
  file.addStatements((out) => {
    out.blankLine().writeLine("/** All fields, in slot order. */");
    out.writeLine(`export const fields: SessionDefinition = [${fields.map(fieldConstant).join(", ")}];`);
  });
  file.addStatements((out) => writeHistory(out, lock));
}

/** How many hashes stand on a line: 80 digits. */
const HASHES_A_LINE = 10;

/**
 * The log of the lock: a hash for each entry, so many on a line that what is appended changes only
 * the last ones.
 */
function writeHistory(out: CodeBlockWriter, lock: Lock): void {
  const { hashes, generations } = historyOf(lock);
  const lines = Array.from({ length: Math.ceil(hashes.length / HASHES_A_LINE) }, (_, index) =>
    JSON.stringify(hashes.slice(index * HASHES_A_LINE, (index + 1) * HASHES_A_LINE).join("")),
  );
  out
    .blankLine()
    .writeLine(
      "/** Every slot that was given out, to know what was written under another history of the lock. */",
    )
    .write("export const history: History = ")
    .inlineBlock(() => {
      if (lines.length < 2) out.writeLine(`hashes: ${lines[0] ?? '""'},`);
      else out.writeLine("hashes:").indent(() => out.write(lines.join(" +\n")).write(",").newLine());
      out.writeLine(`generations: [${generations.join(", ")}],`);
    })
    .write(";")
    .newLine();
}

/** What has to be known of a field besides itself. */
interface FieldNames {
  readonly check: string;
  readonly position: number;
  /** The application's function that merges it. */
  readonly merge: string | undefined;
  readonly isFlashList: boolean;
}

function writeField(out: CodeBlockWriter, field: Field, names: FieldNames): void {
  const lines = [
    `name: ${JSON.stringify(field.name)}`,
    `slot: ${field.slot}`,
    `position: ${names.position}`,
    `check: ${names.check}`,
    `codec: ${codecConstant(field)}`,
    `optional: ${field.optional}`,
    `mutable: ${field.mutable}`,
  ];
  const initial = field.default ?? field.catch;
  if (initial !== undefined) lines.push(`default: ${fallbackText(initial)}`);
  if (field.catch !== undefined) lines.push(`fallback: ${fallbackText(field.catch)}`);
  const texts = eachPolicy(field.policy, (policy, value) =>
    policy.line?.(value, {
      text: (one) => optionText(one as OptionValue),
      type: typeText(field.type),
      list: names.isFlashList,
      imported: names.merge,
      duration: durationText,
    }),
  ).filter((line) => line !== undefined);
  lines.push(...texts.filter(([, comment]) => comment === undefined).map(([line]) => line));
  if (field.identity !== undefined) lines.push(`identity: (value) => ${partText(field.identity)}`);
  const indexes = (field.indexes ?? []).map(indexText);
  if (indexes.length > 0) lines.push(`indexes: [${indexes.join(", ")}]`);
  out.blankLine();
  const doc = docText(field.description);
  if (doc !== undefined)
    out
      .writeLine("/**")
      .writeLine(` * ${doc.replaceAll("\n", "\n * ")}`)
      .writeLine(" */");
  out.write(`export const ${fieldConstant(field)}: FieldDefinition<${assignableTypeText(field)}> = `);
  out.inlineBlock(() => {
    for (const line of lines) out.writeLine(`${line},`);
    for (const [line, comment] of texts) if (comment !== undefined) out.writeLine(`${line}, // ${comment}`);
  });
  out.write(";").newLine();
}

/** What the store is told of the field's value. */
function indexText({ path, name, steps, hashed }: FieldIndex): string {
  return objectText([
    `path: ${JSON.stringify(path)}`,
    `name: ${JSON.stringify(name)}`,
    `pick: (value) => ${partText(steps)}`,
    ...(hashed ? ["hashed: true"] : []),
  ]);
}

/** The part of a value, as an expression. */
function partText(steps: readonly IndexStep[]): string {
  return steps.reduce((object, step) => memberAccess(object, step.name, step.maybe), "value");
}

/**
 * A function that makes the value: an object literal stands in parentheses, or it would be a block.
 */
function fallbackText(fallback: Fallback): string {
  const text = constantText(fallback);
  return text.startsWith("{") ? `() => (${text})` : `() => ${text}`;
}
