import { isIdentifierName } from "../../code/names.js";
import type {
  ArrayType,
  ObjectType,
  RecordType,
  TupleType,
  Type,
  UnionType,
  Variant,
} from "../../model/model.js";
import {
  type CheckWriter,
  refuse,
  writeBigInt,
  writeBytes,
  writeDate,
  writeEnum,
  writeLiteral,
  writeNumber,
  writeSize,
  writeString,
} from "./scalar-checks.js";

/**
 * Writes the statements that check a value.
 * @param value - a variable that holds the value, of type `unknown`
 * @param path - an expression that gives the value's path; evaluated only when the value is refused
 */
export function writeType(writer: CheckWriter, type: Type, value: string, path: string): void {
  switch (type.kind) {
    case "string":
      return writeString(writer, type, value, path);
    case "number":
      return writeNumber(writer, type, value, path);
    case "bigint":
      return writeBigInt(writer, type, value, path);
    case "boolean":
      return refuse(writer, `typeof ${value} !== "boolean"`, path, "true or false");
    case "null":
      return refuse(writer, `${value} !== null`, path, "null");
    case "undefined":
      return refuse(writer, `${value} !== undefined`, path, "undefined");
    case "date":
      return writeDate(writer, type, value, path);
    case "bytes":
      return writeBytes(writer, type, value, path);
    case "unknown":
      writer.out.writeLine(`${writer.helper("checkStorable")}(${value}, ${path});`);
      return;
    case "literal":
      return writeLiteral(writer, type, value, path);
    case "enum":
      return writeEnum(writer, type, value, path);
    case "object":
    case "ref":
      writer.out.writeLine(
        `${writer.check(type.name)}(${[value, path, ...(writer.depth === undefined ? [] : [writer.depth])].join(", ")});`,
      );
      return;
    case "array":
      return writeArray(writer, type, value, path);
    case "tuple":
      return writeTuple(writer, type, value, path);
    case "record":
      return writeRecord(writer, type, value, path);
    case "map":
    case "set":
      return writeCollection(writer, type, value, path);
    case "union":
      return writeUnion(writer, type, value, path);
    case "nullable":
      return writeUnless(writer, `${value} !== null`, type.inner, value, path);
    case "optional":
      return writeUnless(writer, `${value} !== undefined`, type.inner, value, path);
  }
}

/** The members of an object; what its name is called with comes from the function around. */
export function writeObject(writer: CheckWriter, type: ObjectType, value: string, path: string): void {
  refuse(writer, `!${writer.helper("isRecord")}(${value})`, path, "an object");
  for (const property of type.properties) {
    const key = JSON.stringify(property.name);
    const member = writer.variable("member");
    const memberPath = append(path, escapeTemplate(step(property.name)));
    writer.out.writeLine(`const ${member} = ${value}[${key}];`);
    const absent =
      property.exact === true ? `${member} !== undefined || ${key} in ${value}` : `${member} !== undefined`;
    if (property.optional && property.default === undefined && property.catch === undefined) {
      writeUnless(writer, absent, property.type, member, memberPath);
    } else {
      writeType(writer, property.type, member, memberPath);
    }
  }
  writeRest(writer, type, value, path);
}

function writeRest(writer: CheckWriter, type: ObjectType, value: string, path: string): void {
  const { rest } = type;
  if (rest === "strip") return;
  const key = writer.variable("key");
  const keys = type.properties.map((property) => `${key} === ${JSON.stringify(property.name)}`);
  writer.out.write(`for (const ${key} of Object.keys(${value}))`).block(() => {
    if (keys.length > 0) writer.out.writeLine(`if (${keys.join(" || ")}) continue;`);
    if (rest === "strict") {
      writer.out.writeLine(
        `${writer.helper("fail")}(${path}, "an object without other keys than its schema's");`,
      );
      return;
    }
    refuseProto(writer, key, path);
    const member = writer.variable("member");
    writer.out.writeLine(`const ${member} = ${value}[${key}];`);
    const type: Type = rest === "loose" ? { kind: "unknown", any: false } : rest.catchall;
    writeType(writer, type, member, `${writer.helper("childPath")}(${path}, ${key})`);
  });
}

/** Zod drops the key without a word; what is stored must be what was assigned. */
function refuseProto(writer: CheckWriter, key: string, path: string): void {
  refuse(writer, `${key} === "__proto__"`, path, "an object without the key __proto__");
}

function writeArray(writer: CheckWriter, type: ArrayType, value: string, path: string): void {
  refuse(writer, `!Array.isArray(${value})`, path, "an array");
  writeSize(writer, `${value}.length`, type.minLength, type.maxLength, path, "items");
  writeItems(writer, type.element, value, path, 0);
}

function writeTuple(writer: CheckWriter, type: TupleType, value: string, path: string): void {
  refuse(writer, `!Array.isArray(${value})`, path, "an array");
  const max = type.rest === undefined ? type.items.length : undefined;
  writeSize(writer, `${value}.length`, type.required, max, path, "items");
  for (const [index, item] of type.items.entries()) {
    const member = writer.variable("item");
    writer.out.writeLine(`const ${member}: unknown = ${value}[${index}];`);
    const itemPath = append(path, `[${index}]`);
    if (index < type.required) writeType(writer, item, member, itemPath);
    else writeUnless(writer, `${member} !== undefined`, item, member, itemPath);
  }
  if (type.rest !== undefined) writeItems(writer, type.rest, value, path, type.items.length);
}

function writeItems(writer: CheckWriter, element: Type, value: string, path: string, from: number): void {
  const index = writer.variable("index");
  const item = writer.variable("item");
  writer.out.write(`for (let ${index} = ${from}; ${index} < ${value}.length; ${index} += 1)`).block(() => {
    writer.out.writeLine(`const ${item}: unknown = ${value}[${index}];`);
    writeType(writer, element, item, append(path, `[\${${index}}]`));
  });
}

function writeRecord(writer: CheckWriter, type: RecordType, value: string, path: string): void {
  refuse(writer, `!${writer.helper("isRecord")}(${value})`, path, "an object");
  const key = writer.variable("key");
  const member = writer.variable("member");
  const memberPath = `${writer.helper("childPath")}(${path}, ${key})`;
  writer.out.write(`for (const [${key}, ${member}] of Object.entries(${value}))`).block(() => {
    if (type.key.kind === "string") refuseProto(writer, key, path);
    if (numeric(type.key)) {
      const number = writer.variable("number");
      writer.out.writeLine(`const ${number}: unknown = Number(${key});`);
      writeType(writer, type.key, number, memberPath);
    } else {
      writeKey(writer, type.key, key, memberPath);
    }
    if (type.partial) writeUnless(writer, `${member} !== undefined`, type.value, member, memberPath);
    else writeType(writer, type.value, member, memberPath);
  });
  if (type.partial) return;
  for (const required of listedKeys(type.key)) {
    refuse(
      writer,
      `!(${JSON.stringify(required)} in ${value})`,
      append(path, escapeTemplate(step(required))),
      "present",
    );
  }
}

/** A key is known to be a string; a plain one needs no check. */
function writeKey(writer: CheckWriter, type: Type, key: string, path: string): void {
  const text = writer.variable("name");
  if (type.kind === "string" && type.patterns.length === 0 && Object.keys(type).length === 2) return;
  writer.out.writeLine(`const ${text}: unknown = ${key};`);
  writeType(writer, type, text, path);
}

function numeric(type: Type): boolean {
  return (
    type.kind === "number" ||
    (type.kind === "enum" && type.members.every(({ value }) => typeof value === "number"))
  );
}

/** The keys that a record over an enum or literals asks for. */
function listedKeys(type: Type): string[] {
  if (type.kind === "enum") return type.members.map((member) => String(member.value));
  if (type.kind === "literal") {
    return type.values.flatMap((constant) => (constant.kind === "json" ? [String(constant.value)] : []));
  }
  return [];
}

function writeCollection(
  writer: CheckWriter,
  type: Extract<Type, { kind: "map" | "set" }>,
  value: string,
  path: string,
): void {
  const isMap = type.kind === "map";
  refuse(writer, `!(${value} instanceof ${isMap ? "Map" : "Set"})`, path, isMap ? "a Map" : "a Set");
  writeSize(writer, `${value}.size`, type.minSize, type.maxSize, path, isMap ? "entries" : "members");
  const item = writer.variable("item");
  if (type.kind === "set") {
    writer.out.write(`for (const ${item} of ${value} as Set<unknown>)`).block(() => {
      writeType(writer, type.element, item, append(path, ".values()"));
    });
    return;
  }
  const key = writer.variable("key");
  writer.out.write(`for (const [${key}, ${item}] of ${value} as Map<unknown, unknown>)`).block(() => {
    writeType(writer, type.key, key, append(path, ".keys()"));
    writeType(writer, type.value, item, append(path, ".values()"));
  });
}

/**
 * A discriminated union is told apart by its discriminator, so that the path leads to what is wrong
 * inside.
 */
function writeUnion(writer: CheckWriter, type: UnionType, value: string, path: string): void {
  const { discriminator } = type;
  const cases =
    discriminator === undefined ? undefined : type.variants.map((variant) => tags(variant, discriminator));
  if (discriminator !== undefined && cases?.every((texts) => texts.length > 0)) {
    refuse(writer, `!${writer.helper("isRecord")}(${value})`, path, "an object");
    const tag = writer.variable("tag");
    writer.out.writeLine(`const ${tag} = ${value}[${JSON.stringify(discriminator)}];`);
    for (const [index, variant] of type.variants.entries()) {
      const condition = (cases[index] ?? []).map((text) => `${tag} === ${text}`).join(" || ");
      writer.out.write(`${index === 0 ? "" : "else "}if (${condition})`).block(() => {
        writeType(writer, variant.type, value, path);
      });
    }
    const known = cases.flat().join(", ");
    const tagPath = append(path, escapeTemplate(step(discriminator)));
    writer.out.writeLine(`else ${writer.helper("fail")}(${tagPath}, ${JSON.stringify(`one of ${known}`)});`);
    return;
  }
  const tries = type.variants.map((variant) => {
    const candidate = writer.variable("candidate");
    writer.out.write(`const ${candidate} = (): void => `).inlineBlock(() => {
      writeType(writer, variant.type, value, path);
    });
    writer.out.write(";").newLine();
    return `!${writer.helper("passes")}(${candidate})`;
  });
  refuse(writer, tries.join(" && ") || "true", path, "one of the types of its union");
}

/** The literals of the discriminator in a variant, as expressions. */
function tags(variant: Variant, discriminator: string): string[] {
  if (variant.type.kind !== "object") return [];
  const type = variant.type.properties.find((property) => property.name === discriminator)?.type;
  if (type?.kind === "enum") return type.members.map((member) => JSON.stringify(member.value));
  if (type?.kind !== "literal") return [];
  return type.values.flatMap((constant) =>
    constant.kind === "json" ? [JSON.stringify(constant.value)] : [],
  );
}

function writeUnless(writer: CheckWriter, condition: string, type: Type, value: string, path: string): void {
  writer.out.write(`if (${condition})`).block(() => writeType(writer, type, value, path));
}

/** The step from an object to its member in a path: `.name`, or `["a-b"]`. */
function step(name: string): string {
  return isIdentifierName(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function escapeTemplate(text: string): string {
  return text.replace(/[\\`]|\$\{/g, "\\$&");
}

/** Appends to a path expression: inside when it is a template, around it otherwise. */
function append(path: string, text: string): string {
  return path.startsWith("`") ? `${path.slice(0, -1)}${text}\`` : `\`\${${path}}${text}\``;
}
