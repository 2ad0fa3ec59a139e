import type { OptionalKind, PropertySignatureStructure } from "ts-morph";
import type { CodeFile } from "../../code/code-file.js";
import { docLines, documented } from "../../code/jsdoc.js";
import { memberKey } from "../../code/names.js";
import { generic, stringText, typeAlias, union } from "../../code/syntax.js";
import type { Field, ObjectType, Property } from "../../model/model.js";
import type { Emission } from "./emission.js";
import { assignableText, fieldText, flashLists, mayBeUndefined } from "./field-texts.js";
import type { TypeTexts } from "./kinds/kind.js";
import { isOptional } from "./property.js";
import { unionMembers, unionText } from "./union-text.js";

/**
 * Writes `types.ts`: an interface per nested object, then the session as a whole.
 *
 * @param specifierOf - how the file imports a module of the application's
 */
export function writeTypes(
  file: CodeFile,
  emission: Emission,
  specifierOf: (module: string) => string,
): void {
  const { model } = emission;
  const enums = [...emission.enums].map(([name, one]) =>
    file.useType(specifierOf(one.module), one.export, name),
  );
  if (enums.length > 0) file.exportTypes(enums);
  const to = emission.texts((name) => name);
  for (const [name, type] of emission.types) {
    if (type.kind === "object") addObject(file, name, type, to);
    else file.add(typeAlias(name, unionMembers(to.members(type))));
  }
  for (const [name, type] of emission.aliases) file.add(typeAlias(name, emission.aliasMembers(type, to)));
  if (model.fields.length === 0) file.add("export type SessionData = object;");
  else
    file.addInterface({
      isExported: true,
      name: "SessionData",
      docs: docLines(model.description ?? "Every field of the session, as its getter returns it."),
      properties: model.fields.map((field) => ({
        name: memberKey(field.name),
        type: fieldText(field, to),
        hasQuestionToken: mayBeUndefined(field) && field.optional,
        docs: docLines(field.description, 1),
      })),
    });
  addPatch(file, model.fields, to);
  addPick(
    file,
    "SessionClient",
    "What may be sent to the browser.",
    model.fields.filter(({ policy }) => policy.client),
  );
  const lists = flashLists(model);
  if (lists.length > 0) {
    file.addInterface({
      isExported: true,
      name: "SessionFlash",
      docs: ["The lists of what is shown once, and the type of their elements."],
      properties: lists.map(({ field, element }) => ({ name: memberKey(field.name), type: to.of(element) })),
    });
  }
  addPick(
    file,
    "SessionListed",
    "What users may see of their sessions.",
    model.fields.filter(({ policy }) => policy.list),
  );
  const indexes = model.fields.flatMap((field) => field.indexes ?? []);
  if (indexes.length === 0) return;
  file.addInterface({
    isExported: true,
    name: "SessionIndexes",
    docs: ["What sessions can be found by, and the type of its values."],
    properties: indexes.map(({ path, type }) => ({ name: memberKey(path), type: to.of(type) })),
  });
}

/** What setters take: the same as getters return, but for fields that are absent at first. */
function addPatch(file: CodeFile, fields: readonly Field[], to: TypeTexts): void {
  const doc = "Some fields of the session, as its setters take them; `undefined` removes an optional field.";
  if (fields.every((field) => assignableText(field, to) === fieldText(field, to))) {
    file.add(documented(doc, "export type SessionPatch = Partial<SessionData>;"));
    return;
  }
  file.addInterface({
    isExported: true,
    name: "SessionPatch",
    docs: [doc],
    properties: fields.map((field) => ({
      name: memberKey(field.name),
      type: assignableText(field, to),
      hasQuestionToken: true,
    })),
  });
}

/** Some fields of the session, under a name. */
function addPick(file: CodeFile, name: string, doc: string, fields: readonly Field[]): void {
  if (fields.length === 0) return;
  const keys = union(fields.map((field) => stringText(field.name)));
  file.add(documented(doc, [`export type ${name} = `, generic("Pick", ["SessionData", keys]), ";"]));
}

function addObject(file: CodeFile, name: string, type: ObjectType, to: TypeTexts): void {
  const { rest } = type;
  if (type.properties.length === 0 && (rest === "strip" || rest === "strict")) {
    file.add(`export type ${name} = Record<string, never>;`);
    return;
  }
  file.addInterface({
    isExported: true,
    name,
    docs: [],
    properties: type.properties.map((property) => propertySignature(property, to)),
    indexSignatures:
      rest === "loose" || typeof rest === "object"
        ? [{ keyName: "key", keyType: "string", returnType: restText(type, to) }]
        : [],
  });
}

/**
 * An index signature must admit the type of every listed property, so a typed rest widens where
 * they differ.
 */
function restText(type: ObjectType, to: TypeTexts): string {
  if (typeof type.rest !== "object") return "unknown";
  const rest = to.of(type.rest.catchall);
  const others = type.properties.flatMap((property) => [
    ...(to.of(property.type) === rest ? [] : ["unknown"]),
    ...(isOptional(property) ? ["undefined"] : []),
  ]);
  return unionText([...to.members(type.rest.catchall), ...others]);
}

function propertySignature(property: Property, to: TypeTexts): OptionalKind<PropertySignatureStructure> {
  const optional = isOptional(property);
  const isOpen = optional && property.exact !== true;
  return {
    name: memberKey(property.name),
    hasQuestionToken: optional,
    type: unionText([...to.members(property.type), ...(isOpen ? ["undefined"] : [])]),
    docs: docLines(property.description, 1),
  };
}
