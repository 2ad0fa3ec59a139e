import type { ObjectType, RefType, TupleType, Type, UnionType } from "../../model/model.js";
import type { CodecContext, CodecNames } from "./codec-context.js";
import {
  readObjectText,
  readText,
  readTupleText,
  readUnionText,
  writeObjectText,
  writeText,
  writeTupleText,
  writeUnionText,
} from "./codec-packed.js";
import {
  fromPlainText,
  objectFromPlainText,
  objectToPlainText,
  toPlainText,
  tupleFromPlainText,
  tupleToPlainText,
  unionFromPlainText,
  unionToPlainText,
} from "./codec-plain.js";

/** The functions of a type that has some of its own; written when first asked for. */
export function namesOf(
  context: CodecContext,
  type: ObjectType | RefType | UnionType | TupleType,
  hint: string,
): CodecNames {
  switch (type.kind) {
    case "object":
      return objectNames(context, type, type.name);
    case "ref": {
      const target = context.model.types[type.name];
      if (target === undefined) throw new Error(`there is no type ${type.name}`);
      return target.kind === "object"
        ? objectNames(context, target, type.name)
        : context.functions(type.name, type.name, (names) => aliasTexts(context, target, type.name, names));
    }
    case "tuple":
      return context.functions(type, `${hint} tuple`, (names) => [
        writeTupleText(context, type, names.write, hint),
        readTupleText(context, type, names.read, hint),
        tupleToPlainText(context, type, names.toPlain, hint),
        tupleFromPlainText(context, type, names.fromPlain, hint),
      ]);
    case "union":
      return context.functions(type, `${hint} union`, (names) => [
        writeUnionText(context, type, names.write, hint),
        readUnionText(context, type, names.read, hint),
        unionToPlainText(context, type, names.toPlain, hint),
        unionFromPlainText(context, type, names.fromPlain, hint),
      ]);
  }
}

function objectNames(context: CodecContext, type: ObjectType, name: string): CodecNames {
  return context.functions(name, name, (names) => [
    writeObjectText(context, type, names.write),
    readObjectText(context, type, names.read),
    objectToPlainText(context, type, names.toPlain),
    objectFromPlainText(context, type, names.fromPlain),
  ]);
}

/**
 * A named type that is no object, e.g. a recursive list. Depth is counted, which objects do by
 * themselves.
 */
function aliasTexts(context: CodecContext, type: Type, name: string, names: CodecNames): string[] {
  context.typed(name);
  return [
    `function ${names.write}(writer: PackedWriter, value: ${name}): void {\n${writeText(context, type, "value", name)}\n}`,
    `function ${names.read}(reader: PackedReader): ${name} {\nreader.enter();\nconst value: ${name} = ${readText(context, type, name)};\nreader.leave();\nreturn value;\n}`,
    `function ${names.toPlain}(value: ${name}, plain: PlainCodec): unknown {\nreturn ${toPlainText(context, type, "value", name)};\n}`,
    `function ${names.fromPlain}(input: unknown, plain: PlainCodec): ${name} {\nreturn ${fromPlainText(context, type, "input", name)};\n}`,
  ];
}
