import type { OptionalKind, PropertySignatureStructure } from "ts-morph";
import type { FileBuilder } from "../../code/file-builder.js";
import { docText } from "../../code/jsdoc.js";
import { memberKey } from "../../code/names.js";
import type { ObjectType, Property, SessionModel } from "../../model/model.js";
import { assignableTypeText, fieldTypeText, flashLists, mayBeUndefined } from "./field-names.js";
import { namedTypes } from "./named-types.js";
import { typeText } from "./type-text.js";

/** Writes `types.ts`: an interface per nested object, then the session as a whole. */
export function writeTypes(file: FileBuilder, model: SessionModel): void {
  for (const [name, type] of namedTypes(model)) {
    if (type.kind === "object") addObject(file, name, type);
    else file.addTypeAlias({ isExported: true, name, type: typeText(type) });
  }
  file.addInterface({
    isExported: true,
    name: "SessionData",
    docs: [docText(model.description) ?? "Every field of the session, as its getter returns it."],
    properties: model.fields.map((field) => ({
      name: memberKey(field.name),
      type: fieldTypeText(field),
      hasQuestionToken: mayBeUndefined(field) && field.optional,
      ...docs(field),
    })),
  });
  file.addInterface({
    isExported: true,
    name: "SessionPatch",
    docs: ["Some fields of the session, as its setters take them; `undefined` removes an optional field."],
    properties: model.fields.map((field) => ({
      name: memberKey(field.name),
      type: assignableTypeText(field),
      hasQuestionToken: true,
      ...docs(field),
    })),
  });
  const shown = model.fields.filter(({ policy }) => policy.client);
  if (shown.length > 0) {
    file.addInterface({
      isExported: true,
      name: "SessionClient",
      docs: ["What may be sent to the browser."],
      properties: shown.map((field) => ({
        name: memberKey(field.name),
        type: fieldTypeText(field),
        hasQuestionToken: mayBeUndefined(field) && field.optional,
        ...docs(field),
      })),
    });
  }
  const lists = flashLists(model);
  if (lists.length > 0) {
    file.addInterface({
      isExported: true,
      name: "SessionFlash",
      docs: ["The lists of what is shown once, and the type of their elements."],
      properties: lists.map(({ field, element }) => ({
        name: memberKey(field.name),
        type: typeText(element),
        ...docs(field),
      })),
    });
  }
  const listed = model.fields.filter(({ policy }) => policy.list);
  if (listed.length > 0) {
    file.addInterface({
      isExported: true,
      name: "SessionListed",
      docs: ["What users may see of their sessions."],
      properties: listed.map((field) => ({
        name: memberKey(field.name),
        type: fieldTypeText(field),
        hasQuestionToken: mayBeUndefined(field) && field.optional,
        ...docs(field),
      })),
    });
  }
  const indexes = model.fields.flatMap((field) => field.indexes ?? []);
  if (indexes.length === 0) return;
  file.addInterface({
    isExported: true,
    name: "SessionIndexes",
    docs: ["What sessions can be found by, and the type of its values."],
    properties: indexes.map(({ path, type }) => ({ name: memberKey(path), type: typeText(type) })),
  });
}

function addObject(file: FileBuilder, name: string, type: ObjectType): void {
  const rest = type.rest;
  file.addInterface({
    isExported: true,
    name,
    properties: type.properties.map(propertySignature),
    indexSignatures:
      rest === "loose" || typeof rest === "object"
        ? [{ keyName: "key", keyType: "string", returnType: restText(type) }]
        : [],
  });
}

/**
 * An index signature must admit the type of every listed property, so a typed rest widens where
 * they differ.
 */
function restText(type: ObjectType): string {
  if (typeof type.rest !== "object") return "unknown";
  const rest = typeText(type.rest.catchall);
  const others = type.properties.flatMap((property) => [
    ...(typeText(property.type) === rest ? [] : ["unknown"]),
    ...(isOptional(property) ? ["undefined"] : []),
  ]);
  return others.includes("unknown") ? "unknown" : [...new Set([rest, ...others])].join(" | ");
}

function propertySignature(property: Property): OptionalKind<PropertySignatureStructure> {
  const text = typeText(property.type);
  const optional = isOptional(property);
  return {
    name: memberKey(property.name),
    hasQuestionToken: optional,
    type: optional && property.exact !== true && !text.endsWith("undefined") ? `${text} | undefined` : text,
    ...docs(property),
  };
}

/**
 * A property with a default is there after parsing; only in the schema's input may it be absent.
 */
function isOptional(property: Property): boolean {
  return property.optional && property.default === undefined && property.catch === undefined;
}

function docs(property: Property): { docs?: string[] } {
  const text = docText(property.description);
  return text === undefined ? {} : { docs: [text] };
}
