import type { CodeFile } from "../../code/code-file.js";
import { type Doc, hardline, indent, join, print } from "../../code/doc.js";
import { documented } from "../../code/jsdoc.js";
import { memberAccess } from "../../code/names.js";
import {
  array,
  arrow,
  binary,
  generic,
  numberList,
  object,
  stringText,
  tallArray,
  tallObject,
  union,
} from "../../code/syntax.js";
import type { OptionValue } from "../../config/values.js";
import { historyOf, positionsOf } from "../../lock/history.js";
import type { Lock } from "../../lock/lock.js";
import type { Fallback, Field, FieldIndex, FormerType, IndexStep } from "../../model/model.js";
import { eachPolicy } from "../../model/policies/policies.js";
import type { CodecPlaces } from "./codec.js";
import { fallbackCode } from "./constant-code.js";
import { durationText } from "./duration-text.js";
import { type Emission, fieldConstant } from "./emission.js";
import { flashLists, heldMembers } from "./field-texts.js";
import { formerCode } from "./former.js";
import { useMerge } from "./merge-function.js";
import { optionCode } from "./option-code.js";
import { storedMember } from "./renamed.js";
import { typedCode } from "./typed-code.js";
import { isConverted, useSchema } from "./user-schema.js";

/** Writes `fields.ts`: a definition per field, and all of them in slot order. */
export function writeFields(
  file: CodeFile,
  emission: Emission,
  lock: Lock,
  codecs: CodecPlaces,
  specifierOf: (module: string) => string,
  asks: boolean,
): void {
  const { model } = emission;
  const fields = [...model.fields].sort((one, other) => one.slot - other.slot);
  for (const name of ["fields", "history", ...fields.map(fieldConstant)]) file.scope.reserve(name);
  const positions = positionsOf(model, lock);
  for (const field of fields) {
    const codecOf = (key: string | FormerType): string => {
      const place = codecs.get(key);
      return place === undefined ? "" : file.use(place.module, place.name);
    };
    file.add(fieldCode(file, emission, field, positions.get(field.name) ?? 0, codecOf, specifierOf, asks));
  }
  const definition = file.useType("@sessgen/runtime", "SessionDefinition");
  const all = [`export const fields: ${definition} = `, array(fields.map(fieldConstant)), ";"];
  file.add(documented("All fields, in slot order.", all));
  file.add(historyCode(file, lock));
}

/** How many hashes stand on a line: 80 digits. */
const HASHES_A_LINE = 10;

/**
 * The log of the lock: a hash for each entry, so many on a line that what is appended changes only
 * the last ones.
 */
function historyCode(file: CodeFile, lock: Lock): Doc {
  const { hashes, generations } = historyOf(lock);
  const texts = Array.from({ length: Math.ceil(hashes.length / HASHES_A_LINE) }, (_, index) =>
    JSON.stringify(hashes.slice(index * HASHES_A_LINE, (index + 1) * HASHES_A_LINE).join("")),
  );
  const text =
    texts.length < 2
      ? ["hashes: ", texts[0] ?? '""']
      : ["hashes:", indent(hardline, join([" +", hardline], texts))];
  const value = tallObject([text, ["generations: ", numberList(generations)]]);
  const code = [`export const history: ${file.useType("@sessgen/runtime", "History")} = `, value, ";"];
  return documented(
    "Every slot that was given out, to know what was written under another history of the lock.",
    code,
  );
}

function fieldCode(
  file: CodeFile,
  emission: Emission,
  field: Field,
  position: number,
  codecOf: (key: string | FormerType) => string,
  specifierOf: (module: string) => string,
  asks: boolean,
): Doc {
  const { model } = emission;
  const to = emission.texts((name) => file.useType(emission.file("types"), name));
  const merge = useMerge(file, field, specifierOf);
  const lines: (Doc | { readonly member: Doc; readonly comment: string })[] = [
    `name: ${stringText(field.name)}`,
    ...(field.stored === undefined ? [] : [storedMember("stored", field.stored)]),
    `slot: ${field.slot}`,
    `position: ${position}`,
    `check: ${file.use(emission.file("checks"), emission.fieldCheck(field))}`,
    `codec: ${codecOf(field.name)}`,
    ...(field.optional ? ["optional: true"] : []),
    ...(field.mutable ? ["mutable: true"] : []),
  ];
  // Without a module of the schema, there is nothing to be asked.
  if (asks && isConverted(model, field)) {
    const schema = useSchema(file, emission);
    lines.push(["convert: ", arrow("(value)", `${schema}.convert(${stringText(field.name)}, value)`)]);
  }
  const standIn = (fallback: Fallback): Doc => {
    if (fallback.kind !== "asked")
      return fallbackCode(fallback, (code) => typedCode(code, field.type, emission, to));
    const call = `${useSchema(file, emission)}.defaultOf(${stringText(field.name)})`;
    return arrow("()", binary(call, ` as ${to.of(field.type)}`));
  };
  if (field.default !== undefined) lines.push(["default: ", standIn(field.default)]);
  if (field.catch !== undefined) lines.push(["fallback: ", standIn(field.catch)]);
  const list = flashLists(model).some((one) => one.field === field);
  eachPolicy(field.policy, (policy, value) => {
    const found = policy.line?.(value, {
      text: (one) => print(optionCode(one as OptionValue, { env: () => "env" })),
      type: to.of(field.type),
      list,
      imported: merge,
      duration: durationText,
    });
    if (found === undefined) return;
    const [member, comment] = found;
    lines.push(comment === undefined ? member : { member, comment });
  });
  const former = formerCode(file, field, to, codecOf, specifierOf);
  if (former.length > 0) lines.push(["former: ", tallArray(former)]);
  if (merge !== undefined) file.useType("@sessgen/runtime", "MergeFunction");
  if (field.identity !== undefined) lines.push(["identity: ", arrow("(value)", partText(field.identity))]);
  const indexes = (field.indexes ?? []).map(indexCode);
  if (indexes.length > 0) lines.push(["indexes: ", indexes.length > 1 ? tallArray(indexes) : array(indexes)]);
  const definition = file.useType("@sessgen/runtime", "FieldDefinition");
  const type = generic(definition, [union(heldMembers(field, to))]);
  return [`export const ${fieldConstant(field)}: `, type, " = ", tallObject(lines), ";"];
}

/** What the store is told of the field's value. */
function indexCode({ path, name, steps, hashed }: FieldIndex): Doc {
  return object([
    `path: ${stringText(path)}`,
    `name: ${stringText(name)}`,
    `pick: (value) => ${partText(steps)}`,
    ...(hashed ? ["hashed: true"] : []),
  ]);
}

/** The part of a value, as an expression. */
function partText(steps: readonly IndexStep[]): string {
  return steps.reduce((object, step) => memberAccess(object, step.name, step.maybe), "value");
}
