import { localName, memberAccess, memberKey, Scope } from "../../code/names.js";
import { objectText } from "../../code/object-text.js";
import { constantText } from "../../model/constant-text.js";
import type { ObjectType, Property, TupleType, Type, UnionType } from "../../model/model.js";
import type { CodecContext } from "./codec-context.js";
import { discriminatorAccess, discriminatorTags, valueTest } from "./codec-kinds.js";
import { typeText } from "./type-text.js";

/**
 * The statements that write a value as MessagePack. `hint` names helpers after where the type
 * stands.
 */
export function writeText(
  context: CodecContext,
  type: Type,
  value: string,
  hint: string,
  scope: Scope = new Scope(["writer", "value"]),
): string {
  switch (type.kind) {
    case "string":
      return `writer.${type.format === "uuid" || type.format === "guid" ? "uuid" : "string"}(${value});`;
    case "number":
    case "bigint":
    case "boolean":
    case "date":
    case "bytes":
    case "unknown":
      return `writer.${type.kind}(${value});`;
    case "null":
      return "writer.nil();";
    case "undefined":
      return "writer.undefined();";
    case "literal":
      return `writer.unknown(${value});`;
    case "enum":
      return `writer.int(${context.members(type, hint)}.indexOf(${value}));`;
    case "object":
    case "ref":
    case "union":
    case "tuple":
      return `${context.namesOf(type, hint).write}(writer, ${value});`;
    case "array": {
      const item = scope.declare("item");
      return `writer.arrayHeader(${value}.length);\nfor (const ${item} of ${value}) {\n${writeText(context, type.element, item, `${hint} item`, scope)}\n}`;
    }
    case "set": {
      const item = scope.declare("item");
      return `writer.arrayHeader(${value}.size);\nfor (const ${item} of ${value}) {\n${writeText(context, type.element, item, `${hint} item`, scope)}\n}`;
    }
    case "record": {
      const [entries, key, item] = [scope.declare("entries"), scope.declare("key"), scope.declare("item")];
      return [
        `const ${entries} = ${context.helper("entriesOf")}(${value});`,
        `writer.mapHeader(${entries}.length);`,
        `for (const [${key}, ${item}] of ${entries}) {`,
        `writer.string(${key});`,
        writeText(context, type.value, item, `${hint} value`, scope),
        "}",
      ].join("\n");
    }
    case "map": {
      const [key, item] = [scope.declare("key"), scope.declare("item")];
      return [
        `writer.mapHeader(${value}.size);`,
        `for (const [${key}, ${item}] of ${value}) {`,
        writeText(context, type.key, key, `${hint} key`, scope),
        writeText(context, type.value, item, `${hint} value`, scope),
        "}",
      ].join("\n");
    }
    case "nullable":
      return `if (${value} === null) writer.nil();\nelse {\n${writeText(context, type.inner, value, hint, scope)}\n}`;
    case "optional":
      return `if (${value} === undefined) writer.undefined();\nelse {\n${writeText(context, type.inner, value, hint, scope)}\n}`;
  }
}

/** The expression that reads a value. */
export function readText(context: CodecContext, type: Type, hint: string): string {
  switch (type.kind) {
    case "string": {
      const read = `reader.${type.format === "uuid" || type.format === "guid" ? "uuid" : "string"}()`;
      return type.typeText === undefined ? read : `${read} as ${type.typeText}`;
    }
    case "number":
    case "bigint":
    case "boolean":
    case "date":
    case "bytes":
    case "unknown":
    case "undefined":
      return `reader.${type.kind}()`;
    case "null":
      return "reader.nil()";
    case "literal":
      return `${context.helper("literal")}(reader.unknown(), [${type.values.map(constantText).join(", ")}] as const)`;
    case "enum":
      return `${context.helper("readMember")}(reader, ${context.members(type, hint)})`;
    case "object":
    case "ref":
    case "union":
    case "tuple":
      return `${context.namesOf(type, hint).read}(reader)`;
    case "array":
      return `${context.helper("readList")}(reader, () => ${readText(context, type.element, `${hint} item`)})`;
    case "set":
      return `${context.helper("readSet")}(reader, () => ${readText(context, type.element, `${hint} item`)})`;
    case "record":
      return `${context.helper("readRecord")}<${context.typed(typeText(type))}>(reader, () => ${readText(context, type.value, `${hint} value`)})`;
    case "map":
      return `${context.helper("readMap")}(reader, () => ${readText(context, type.key, `${hint} key`)}, () => ${readText(context, type.value, `${hint} value`)})`;
    case "nullable":
      return `reader.tryNil() ? null : ${readText(context, type.inner, hint)}`;
    case "optional":
      return `reader.tryUndefined() ? undefined : ${readText(context, type.inner, hint)}`;
  }
}

/** Whether the property may be missing in a value, not only in what is stored. */
export function isOptional(property: Property): boolean {
  return property.optional && property.default === undefined && property.catch === undefined;
}

/** What stands in for a property that is missing in what is stored; `undefined`: nothing does. */
export function substituteText(property: Property): string | undefined {
  const fallback = property.default ?? property.catch;
  return fallback && constantText(fallback);
}

/** The function that writes an object: `[bitmap, ...present values in slot order, rest?]`. */
export function writeObjectText(context: CodecContext, type: ObjectType, name: string): string {
  const properties = bySlot(type);
  const leading = properties.findIndex(isOptional);
  const required = leading === -1 ? properties : properties.slice(0, leading);
  const others = leading === -1 ? [] : properties.slice(leading);
  const lines = [`function ${name}(writer: PackedWriter, value: ${context.typed(type.name)}): void {`];
  let slots = `[${required.map(({ slot }) => slot).join(", ")}]`;
  if (others.length > 0) {
    lines.push(`const slots: number[] = ${slots};`);
    slots = "slots";
    for (const property of others) {
      const condition = isOptional(property) ? `if (${has("value", property)}) ` : "";
      lines.push(`${condition}slots.push(${property.slot});`);
    }
  }
  const rest = hasRest(type);
  if (rest) lines.push(`const rest = ${context.helper("extraEntries")}(value, ${knownKeys(type)});`);
  lines.push(
    `const kept = ${context.helper("beginObject")}(writer, value, ${slots}${rest ? ", rest.length > 0" : ""});`,
  );
  let expected = 0;
  for (const property of properties) {
    // Only where the schema leaves a gap can there be a slot of somebody else's before this one.
    if (property.slot > expected) lines.push(`kept?.before(${property.slot});`);
    expected = property.slot + 1;
    const value = memberAccess("value", property.name);
    const write = writeText(context, property.type, value, `${type.name} ${property.name}`);
    if (!isOptional(property)) lines.push(write);
    else if (property.exact) lines.push(`if (${value} !== undefined) {\n${write}\n}`);
    else {
      lines.push(
        `if (${value} !== undefined) {\n${write}\n} else if (${has("value", property)}) writer.undefined();`,
      );
    }
  }
  lines.push("kept?.before();");
  if (rest) {
    const member = typeof type.rest === "object" ? type.rest.catchall : undefined;
    const item = member === undefined ? "item" : `(item as ${context.typed(typeText(member))})`;
    lines.push(
      "if (rest.length > 0) {",
      "writer.mapHeader(rest.length);",
      "for (const [key, item] of rest) {",
      "writer.string(key);",
      member === undefined ? `writer.unknown(${item});` : castWrite(context, member, type.name),
      "}",
      "}",
    );
  }
  lines.push("}");
  return lines.join("\n");
}

/** Extra members come as `unknown`; the field's check has seen to their type. */
function castWrite(context: CodecContext, member: Type, hint: string): string {
  const scope = new Scope(["writer", "value", "key", "item", "rest", "slots", "kept"]);
  const typed = scope.declare("member");
  return `const ${typed} = item as ${context.typed(typeText(member))};\n${writeText(context, member, typed, `${hint} value`, scope)}`;
}

/** The function that reads an object. */
export function readObjectText(context: CodecContext, type: ObjectType, name: string): string {
  const scope = new Scope(["reader", "slots", "value", "rest"]);
  const lines = [`function ${name}(reader: PackedReader): ${context.typed(type.name)} {`];
  lines.push(`const slots = new ${context.helper("ObjectSlots")}(reader);`);
  const members: string[] = [];
  for (const property of bySlot(type)) {
    const local = scope.declare(localName(property.name));
    const key = memberKey(property.name);
    const read = readText(context, property.type, `${type.name} ${property.name}`);
    const substitute = substituteText(property);
    if (isOptional(property)) {
      const item = property.exact ? read : `reader.tryUndefined() ? undefined : ${read}`;
      // Without its type, each such member would double the members of the union that `value` is
      // made of.
      const picked = pickText(type, property);
      lines.push(`const ${local}: ${picked} = slots.has(${property.slot}) ? { ${key}: ${item} } : {};`);
      members.push(`...${local}`);
      continue;
    }
    if (substitute === undefined) {
      lines.push(`slots.require(${property.slot});`, `const ${local} = ${read};`);
    } else {
      const text = context.typed(typeText(property.type));
      lines.push(`const ${local}: ${text} = slots.has(${property.slot}) ? ${read} : ${substitute};`);
    }
    members.push(key === local ? key : `${key}: ${local}`);
  }
  const rest = hasRest(type);
  if (rest) {
    const member: Type = typeof type.rest === "object" ? type.rest.catchall : { kind: "unknown", any: false };
    const text = context.typed(typeText(member));
    lines.push(
      `const rest = slots.rest() ? ${context.helper("readRecord")}<{ [key: string]: ${text} }>(reader, () => ${readText(context, member, `${type.name} value`)}) : {};`,
    );
    members.unshift("...rest");
  }
  lines.push(`const value: ${type.name} = ${objectText(members)};`);
  lines.push(`slots.end(value${rest ? ", true" : ""});`, "return value;", "}");
  return lines.join("\n");
}

/** The functions of a tuple: an array of fixed length, or at least one. */
export function writeTupleText(context: CodecContext, type: TupleType, name: string, hint: string): string {
  const scope = new Scope(["writer", "value"]);
  const lines = [`function ${name}(writer: PackedWriter, value: ${context.typed(typeText(type))}): void {`];
  lines.push("writer.arrayHeader(value.length);");
  for (const [index, item] of type.items.entries()) {
    const local = scope.declare(`item${index}`);
    lines.push(`const ${local} = value[${index}];`);
    const write = writeText(context, item, local, `${hint} ${index}`, scope);
    if (index < type.required) lines.push(write);
    else {
      lines.push(
        `if (${local} !== undefined) {\n${write}\n} else if (value.length > ${index}) writer.undefined();`,
      );
    }
  }
  if (type.rest !== undefined) {
    const item = scope.declare("item");
    const text = context.typed(typeText(type.rest));
    lines.push(
      `for (const ${item} of value.slice(${type.items.length}) as ${operand(text)}[]) {\n${writeText(context, type.rest, item, `${hint} rest`, scope)}\n}`,
    );
  }
  lines.push("}");
  return lines.join("\n");
}

export function readTupleText(context: CodecContext, type: TupleType, name: string, hint: string): string {
  const { items, required, rest } = type;
  const text = context.typed(typeText(type));
  const wrong =
    rest === undefined ? `length < ${required} || length > ${items.length}` : `length < ${required}`;
  const lines = [
    `function ${name}(reader: PackedReader): ${text} {`,
    "const length = reader.arrayHeader();",
    `if (${wrong}) throw new ${context.helper("UnreadableValue")}("a tuple");`,
    `const value: ${text} = [${items
      .slice(0, required)
      .map((item, index) => readText(context, item, `${hint} ${index}`))
      .join(", ")}];`,
  ];
  for (const [index, item] of items.entries()) {
    if (index < required) continue;
    const read = readText(context, item, `${hint} ${index}`);
    lines.push(`if (length > ${index}) value.push(reader.tryUndefined() ? undefined : ${read});`);
  }
  if (rest !== undefined) {
    const read = readText(context, rest, `${hint} rest`);
    lines.push(`for (let index = ${items.length}; index < length; index += 1) value.push(${read});`);
  }
  lines.push("return value;", "}");
  return lines.join("\n");
}

/** The functions of a union: `[slot of the variant, value]`. */
export function writeUnionText(context: CodecContext, type: UnionType, name: string, hint: string): string {
  const tags = discriminatorTags(type);
  const text = tags === undefined ? "unknown" : context.typed(typeText(type));
  const lines = [`function ${name}(writer: PackedWriter, value: ${text}): void {`, "writer.arrayHeader(2);"];
  for (const [index, variant] of type.variants.entries()) {
    const condition =
      tags === undefined
        ? valueTest(context, variant.type, "value")
        : (tags[index] ?? []).map((tag) => `${discriminatorAccess(type, "value")} === ${tag}`).join(" || ");
    const scope = new Scope(["writer", "value", "variant"]);
    const typed = tags === undefined ? "variant" : "value";
    lines.push(`${index === 0 ? "" : "else "}if (${condition}) {`);
    if (tags === undefined) lines.push(`const variant = value as ${context.typed(typeText(variant.type))};`);
    lines.push(`writer.int(${variant.slot});`);
    lines.push(writeText(context, variant.type, typed, `${hint} ${variant.label}`, scope), "}");
  }
  lines.push(`else throw new ${context.helper("UnreadableValue")}("a variant of the union");`, "}");
  // A value without content (null, undefined) is not looked at again.
  return lines.join("\n").replace(/const variant = value as (null|undefined);\n/g, "");
}

export function readUnionText(context: CodecContext, type: UnionType, name: string, hint: string): string {
  const lines = [
    `function ${name}(reader: PackedReader): ${context.typed(typeText(type))} {`,
    `if (reader.arrayHeader() !== 2) throw new ${context.helper("UnreadableValue")}("a union");`,
    "switch (reader.int()) {",
  ];
  for (const variant of type.variants) {
    lines.push(
      `case ${variant.slot}:`,
      `return ${readText(context, variant.type, `${hint} ${variant.label}`)};`,
    );
  }
  lines.push(
    "default:",
    `throw new ${context.helper("UnreadableValue")}("a known variant of the union");`,
    "}",
    "}",
  );
  return lines.join("\n");
}

/** The names of an object's properties as a list expression. */
export function knownKeys(type: ObjectType): string {
  return `[${type.properties.map(({ name }) => JSON.stringify(name)).join(", ")}]`;
}

/** Whether keys outside the schema are stored. */
export function hasRest(type: ObjectType): boolean {
  return type.rest !== "strip" && type.rest !== "strict";
}

/** The type of an object that has at most the one property. */
export function pickText(type: ObjectType, property: Property): string {
  return `Pick<${type.name}, ${JSON.stringify(property.name)}>`;
}

/** A condition: the property is there, even if it is `undefined`. */
export function has(object: string, property: Property): string {
  return `Object.hasOwn(${object}, ${JSON.stringify(property.name)})`;
}

function bySlot(type: ObjectType): readonly Property[] {
  return [...type.properties].sort((one, other) => one.slot - other.slot);
}

function operand(text: string): string {
  return /^[\w$.]+$/.test(text) ? text : `(${text})`;
}
