import { localName, memberAccess, memberKey, Scope } from "../../code/names.js";
import { objectText } from "../../code/object-text.js";
import { constantText } from "../../model/constant-text.js";
import type { ObjectType, TupleType, Type, UnionType } from "../../model/model.js";
import type { CodecContext } from "./codec-context.js";
import {
  discriminatorAccess,
  discriminatorTags,
  isNatural,
  plainKinds,
  plainTest,
  valueTest,
} from "./codec-kinds.js";
import { has, hasRest, isOptional, knownKeys, pickText, substituteText } from "./codec-packed.js";
import { typeText } from "./type-text.js";

/** The expression that turns a value into plain data for json or msgpack. */
export function toPlainText(context: CodecContext, type: Type, value: string, hint: string): string {
  switch (type.kind) {
    case "string":
    case "boolean":
    case "null":
    case "enum":
      return value;
    case "undefined":
      return "plain.undefined()";
    case "literal":
      return type.values.every((constant) => constant.kind === "json") ? value : `plain.unknown(${value})`;
    case "number":
    case "bigint":
    case "date":
    case "bytes":
    case "unknown":
      return `plain.${type.kind}(${value})`;
    case "object":
    case "ref":
    case "union":
    case "tuple":
      return `${context.namesOf(type, hint).toPlain}(${value}, plain)`;
    case "array":
      return mapped(value, toPlainText(context, type.element, "item", `${hint} item`));
    case "set":
      return mapped(`[...${value}]`, toPlainText(context, type.element, "item", `${hint} item`));
    case "record": {
      const item = toPlainText(context, type.value, "item", `${hint} value`);
      const entries = `${context.helper("entriesOf")}(${value})`;
      const key = `${context.helper("plainKey")}(key)`;
      return `${context.helper("objectOf")}(${entries}.map(([key, item]) => [${key}, ${item}] as const))`;
    }
    case "map": {
      const key = toPlainText(context, type.key, "key", `${hint} key`);
      const item = toPlainText(context, type.value, "item", `${hint} value`);
      return key === "key" && item === "item"
        ? `[...${value}]`
        : `[...${value}].map(([key, item]) => [${key}, ${item}])`;
    }
    case "nullable": {
      const inner = toPlainText(context, type.inner, value, hint);
      return inner === value ? value : `${value} === null ? null : ${inner}`;
    }
    case "optional":
      return `${value} === undefined ? plain.undefined() : ${toPlainText(context, type.inner, value, hint)}`;
  }
}

/** The expression that reads plain data. */
export function fromPlainText(context: CodecContext, type: Type, value: string, hint: string): string {
  switch (type.kind) {
    case "string": {
      const read = `plain.readString(${value})`;
      return type.typeText === undefined ? read : `${read} as ${type.typeText}`;
    }
    case "boolean":
      return `plain.readBoolean(${value})`;
    case "null":
      return `plain.readNull(${value})`;
    case "undefined":
      return "undefined";
    case "number":
      return `plain.readNumber(${value})`;
    case "bigint":
      return `plain.readBigint(${value})`;
    case "date":
      return `plain.readDate(${value})`;
    case "bytes":
      return `plain.readBytes(${value})`;
    case "unknown":
      return `plain.readUnknown(${value})`;
    case "literal": {
      const tagged = type.values.some((constant) => constant.kind !== "json");
      return `${context.helper("literal")}(${tagged ? `plain.readUnknown(${value})` : value}, [${type.values.map(constantText).join(", ")}] as const)`;
    }
    case "enum":
      return `${context.helper("plainMember")}(${value}, ${context.members(type, hint)})`;
    case "object":
    case "ref":
    case "union":
    case "tuple":
      return `${context.namesOf(type, hint).fromPlain}(${value}, plain)`;
    case "array":
      return `plain.readArray(${value}).map((item) => ${fromPlainText(context, type.element, "item", `${hint} item`)})`;
    case "set":
      return `new Set(plain.readArray(${value}).map((item) => ${fromPlainText(context, type.element, "item", `${hint} item`)}))`;
    case "record":
      return `${context.helper("plainRecord")}<${context.typed(typeText(type))}>(${value}, plain, (item) => ${fromPlainText(context, type.value, "item", `${hint} value`)})`;
    case "map":
      return `new Map(${context.helper("plainPairs")}(${value}, plain).map(([key, item]) => [${fromPlainText(context, type.key, "key", `${hint} key`)}, ${fromPlainText(context, type.value, "item", `${hint} value`)}] as const))`;
    case "nullable":
      return `${value} === null ? null : ${fromPlainText(context, type.inner, value, hint)}`;
    case "optional":
      return `plain.isUndefined(${value}) ? undefined : ${fromPlainText(context, type.inner, value, hint)}`;
  }
}

/** The functions of an object. */
export function objectToPlainText(context: CodecContext, type: ObjectType, name: string): string {
  const lines = [
    `function ${name}(value: ${context.typed(type.name)}, plain: PlainCodec): Record<string, unknown> {`,
  ];
  const member = (property: ObjectType["properties"][number]): string =>
    toPlainText(
      context,
      property.type,
      memberAccess("value", property.name),
      `${type.name} ${property.name}`,
    );
  const required = type.properties.filter((property) => !isOptional(property));
  lines.push(
    `const object: Record<string, unknown> = ${objectText(required.map((property) => `${memberKey(property.name)}: ${member(property)}`))};`,
  );
  for (const property of type.properties.filter(isOptional)) {
    const value = memberAccess("value", property.name);
    const target = `object[${JSON.stringify(property.name)}]`;
    lines.push(`if (${value} !== undefined) ${target} = ${member(property)};`);
    if (!property.exact) lines.push(`else if (${has("value", property)}) ${target} = plain.undefined();`);
  }
  if (hasRest(type)) {
    const rest = typeof type.rest === "object" ? type.rest.catchall : undefined;
    const item =
      rest === undefined
        ? "plain.unknown(item)"
        : toPlainText(context, rest, `(item as ${context.typed(typeText(rest))})`, `${type.name} value`);
    lines.push(
      `for (const [key, item] of ${context.helper("extraEntries")}(value, ${knownKeys(type)})) object[${context.helper("plainKey")}(key)] = ${item};`,
    );
  }
  lines.push(`${context.helper("keptToPlain")}(value, object);`, "return object;", "}");
  return unusedPlain(lines.join("\n"));
}

export function objectFromPlainText(context: CodecContext, type: ObjectType, name: string): string {
  const scope = new Scope(["input", "plain", "object", "rest", "value", "key", "item"]);
  const members: string[] = [];
  const locals: string[] = [];
  for (const property of type.properties) {
    const key = memberKey(property.name);
    const source = `object[${JSON.stringify(property.name)}]`;
    const read = fromPlainText(context, property.type, source, `${type.name} ${property.name}`);
    const substitute = substituteText(property);
    if (isOptional(property)) {
      const item = property.exact ? read : `plain.isUndefined(${source}) ? undefined : ${read}`;
      const local = scope.declare(localName(property.name));
      const picked = pickText(type, property);
      locals.push(`const ${local}: ${picked} = ${has("object", property)} ? { ${key}: ${item} } : {};`);
      members.push(`...${local}`);
    } else if (substitute !== undefined) {
      members.push(`${key}: ${source} === undefined ? ${substitute} : ${read}`);
    } else members.push(`${key}: ${read}`);
  }
  const lines = [`function ${name}(input: unknown, plain: PlainCodec): ${context.typed(type.name)} {`];
  lines.push("const object = plain.readObject(input);");
  if (hasRest(type)) {
    const rest: Type = typeof type.rest === "object" ? type.rest.catchall : { kind: "unknown", any: false };
    const known = `[${[...type.properties.map(({ name }) => name), "$slots"].map((key) => JSON.stringify(key)).join(", ")}]`;
    const text = context.typed(typeText(rest));
    lines.push(
      `const rest: { [key: string]: ${text} } = {};`,
      `for (const [key, item] of ${context.helper("extraEntries")}(object, ${known})) rest[${context.helper("keyOf")}(key)] = ${fromPlainText(context, rest, "item", `${type.name} value`)};`,
    );
    members.unshift("...rest");
  }
  lines.push(
    ...locals,
    `const value: ${type.name} = {`,
    ...members.map((member) => `${member},`),
    "};",
    `${context.helper("keptFromPlain")}(object, value);`,
    "return value;",
    "}",
  );
  return lines.join("\n");
}

/** The functions of a tuple: a list. */
export function tupleToPlainText(context: CodecContext, type: TupleType, name: string, hint: string): string {
  const lines = [`function ${name}(value: ${context.typed(typeText(type))}, plain: PlainCodec): unknown[] {`];
  const required = type.items
    .slice(0, type.required)
    .map((item, index) => toPlainText(context, item, `value[${index}]`, `${hint} ${index}`));
  lines.push(`const items: unknown[] = [${required.join(", ")}];`);
  for (const [index, item] of type.items.entries()) {
    if (index < type.required) continue;
    const local = `item${index}`;
    lines.push(`const ${local} = value[${index}];`);
    lines.push(
      `if (value.length > ${index}) items.push(${local} === undefined ? plain.undefined() : ${toPlainText(context, item, local, `${hint} ${index}`)});`,
    );
  }
  if (type.rest !== undefined) {
    const text = context.typed(typeText(type.rest));
    const rest = `(value.slice(${type.items.length}) as (${text})[])`;
    lines.push(`items.push(...${mapped(rest, toPlainText(context, type.rest, "item", `${hint} rest`))});`);
  }
  lines.push("return items;", "}");
  return unusedPlain(lines.join("\n"));
}

export function tupleFromPlainText(
  context: CodecContext,
  type: TupleType,
  name: string,
  hint: string,
): string {
  const { items, required, rest } = type;
  const text = context.typed(typeText(type));
  const wrong =
    rest === undefined
      ? `${lengthBelow(required)}items.length > ${items.length}`
      : `items.length < ${required}`;
  const lines = [
    `function ${name}(input: unknown, plain: PlainCodec): ${text} {`,
    "const items = plain.readArray(input);",
    `if (${wrong}) throw new ${context.helper("UnreadableValue")}("a tuple");`,
    `const value: ${text} = [${items
      .slice(0, required)
      .map((item, index) => fromPlainText(context, item, `items[${index}]`, `${hint} ${index}`))
      .join(", ")}];`,
  ];
  for (const [index, item] of items.entries()) {
    if (index < required) continue;
    const source = `items[${index}]`;
    const read = fromPlainText(context, item, source, `${hint} ${index}`);
    lines.push(
      `if (items.length > ${index}) value.push(plain.isUndefined(${source}) ? undefined : ${read});`,
    );
  }
  if (rest !== undefined) {
    const read = fromPlainText(context, rest, "item", `${hint} rest`);
    lines.push(`for (const item of items.slice(${items.length})) value.push(${read});`);
  }
  lines.push("return value;", "}");
  return lines.join("\n");
}

/**
 * The functions of a union. A discriminated one is told apart by its discriminator, one whose
 * variants are of different kinds by the kind; of any other the variant's slot is stored with the
 * value.
 */
export function unionToPlainText(context: CodecContext, type: UnionType, name: string, hint: string): string {
  const tags = discriminatorTags(type);
  const wrap = tags === undefined && !isNatural(context.model, type);
  const text = tags === undefined ? "unknown" : context.typed(typeText(type));
  const lines = [`function ${name}(value: ${text}, plain: PlainCodec): unknown {`];
  for (const [index, variant] of type.variants.entries()) {
    const condition =
      tags === undefined
        ? valueTest(context, variant.type, "value")
        : (tags[index] ?? []).map((tag) => `${discriminatorAccess(type, "value")} === ${tag}`).join(" || ");
    const typed = tags === undefined ? `(value as ${context.typed(typeText(variant.type))})` : "value";
    const number = wrap ? undefined : naturalNumberText(variant.type, typed);
    const plain = number ?? toPlainText(context, variant.type, typed, `${hint} ${variant.label}`);
    const shown = plain === typed ? "value" : plain;
    lines.push(`if (${condition}) return ${wrap ? `[${variant.slot}, ${shown}]` : shown};`);
  }
  lines.push(`throw new ${context.helper("UnreadableValue")}("a variant of the union");`, "}");
  return unusedPlain(lines.join("\n"));
}

/**
 * A number that is told from other variants by being one is written as one: the text that json has
 * for -0 would be read back as a string, so -0 becomes 0 there.
 */
function naturalNumberText(type: Type, value: string): string | undefined {
  if (type.kind === "number") return type.finite ? value : undefined;
  if (type.kind !== "nullable" && type.kind !== "optional") return undefined;
  const inner = naturalNumberText(type.inner, value);
  if (inner === undefined || type.kind === "nullable") return inner;
  return `${value} === undefined ? plain.undefined() : ${inner}`;
}

export function unionFromPlainText(
  context: CodecContext,
  type: UnionType,
  name: string,
  hint: string,
): string {
  const tags = discriminatorTags(type);
  const lines = [`function ${name}(input: unknown, plain: PlainCodec): ${context.typed(typeText(type))} {`];
  const natural = isNatural(context.model, type);
  if (tags !== undefined) {
    lines.push(`const tag = plain.readObject(input)[${JSON.stringify(type.discriminator)}];`);
  } else if (!natural) lines.push("const [slot, item] = plain.readArray(input);");
  for (const [index, variant] of type.variants.entries()) {
    const read = (source: string): string =>
      fromPlainText(context, variant.type, source, `${hint} ${variant.label}`);
    if (tags !== undefined) {
      const condition = (tags[index] ?? []).map((tag) => `tag === ${tag}`).join(" || ");
      lines.push(`if (${condition}) return ${read("input")};`);
    } else if (natural) {
      const kinds = plainKinds(context.model, variant.type);
      lines.push(`if (${plainTest(context, kinds, "input")}) return ${read("input")};`);
    } else lines.push(`if (slot === ${variant.slot}) return ${read("item")};`);
  }
  lines.push(`throw new ${context.helper("UnreadableValue")}("a known variant of the union");`, "}");
  return unusedPlain(lines.join("\n"));
}

function mapped(list: string, item: string): string {
  return item === "item" ? list : `${list}.map((item) => ${item})`;
}

function lengthBelow(required: number): string {
  return required === 0 ? "" : `items.length < ${required} || `;
}

/** A parameter that is not used is named so: the strictest compiler flags ask for it. */
function unusedPlain(text: string): string {
  const [head = "", ...body] = text.split("\n");
  return /\bplain\b/.test(body.join("\n"))
    ? text
    : [head.replace("plain: PlainCodec", "_plain: PlainCodec"), ...body].join("\n");
}
