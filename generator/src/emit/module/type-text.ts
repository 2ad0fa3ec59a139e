import { constantTypeText } from "../../model/constant-text.js";
import type { RecordType, TupleType, Type } from "../../model/model.js";

/**
 * The TypeScript text of a type as session members, interfaces and codecs show it: what the
 * schema's output is, with objects and refs by name. Whether a property may be absent is the
 * property's affair, not the type's.
 */
export function typeText(type: Type): string {
  return unionText(members(type));
}

/**
 * A union of type texts, each once; `null` and `undefined` come last and `unknown` swallows the
 * others.
 */
export function unionText(texts: readonly string[]): string {
  const unique = new Set(texts);
  if (unique.has("unknown")) return "unknown";
  for (const last of ["null", "undefined"]) {
    if (unique.delete(last)) unique.add(last);
  }
  return unique.size === 0 ? "never" : [...unique].join(" | ");
}

/** The texts whose union is the type. */
function members(type: Type): string[] {
  switch (type.kind) {
    case "string":
      return [type.typeText ?? "string"];
    case "number":
    case "bigint":
    case "boolean":
    case "null":
    case "undefined":
    case "unknown":
      return [type.kind];
    case "date":
      return ["Date"];
    case "bytes":
      return ["Uint8Array"];
    case "literal":
      return type.values.map(constantTypeText);
    case "enum":
      return type.members.map((member) => JSON.stringify(member.value));
    case "object":
    case "ref":
      return [type.name];
    case "array":
      return [`${type.readonly ? "readonly " : ""}${operandText(type.element)}[]`];
    case "tuple":
      return [tupleText(type)];
    case "record":
      return [recordText(type)];
    case "map":
      return [`Map<${typeText(type.key)}, ${typeText(type.value)}>`];
    case "set":
      return [`Set<${typeText(type.element)}>`];
    case "union":
      return type.variants.flatMap((variant) => members(variant.type));
    case "nullable":
      return [...members(type.inner), "null"];
    case "optional":
      return [...members(type.inner), "undefined"];
  }
}

/** The type where `[]` or `?` follows. */
function operandText(type: Type): string {
  const text = typeText(type);
  return text.includes(" | ") || text.startsWith("readonly ") ? `(${text})` : text;
}

function tupleText(type: TupleType): string {
  const items = type.items.map((item, index) =>
    index < type.required ? typeText(item) : `${operandText(item)}?`,
  );
  if (type.rest !== undefined) items.push(`...${operandText(type.rest)}[]`);
  return `[${items.join(", ")}]`;
}

/**
 * Records are index signatures and mapped types, not `Record<…>`: an alias may then refer to
 * itself, since the compiler looks at the members of an object type late.
 */
function recordText(type: RecordType): string {
  const key = typeText(type.key);
  const value = typeText(type.value);
  if (type.key.kind === "string" || type.key.kind === "number") return `{ [key: ${key}]: ${value} }`;
  return `{ [key in ${key}]${type.partial ? "?" : ""}: ${value} }`;
}
