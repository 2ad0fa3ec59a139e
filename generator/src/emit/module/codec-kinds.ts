import { memberAccess } from "../../code/names.js";
import { constantText } from "../../model/constant-text.js";
import type { LiteralType, SessionModel, Type, UnionType, Variant } from "../../model/model.js";
import type { CodecContext } from "./codec-context.js";
import { checkNames } from "./field-names.js";

/**
 * What a plain value looks like from outside; variants of a union whose kinds differ need no tag.
 */
export type PlainKind =
  | "string"
  | "number"
  | "bigint"
  | "boolean"
  | "null"
  | "undefined"
  | "date"
  | "bytes"
  | "array"
  | "object";

/** In the order in which they can be tested for one after the other. */
const allKinds: readonly PlainKind[] = [
  "undefined",
  "null",
  "string",
  "number",
  "bigint",
  "boolean",
  "date",
  "bytes",
  "array",
  "object",
];

/** The kinds of plain values, in json and in msgpack, that a type is written as. */
export function plainKinds(model: SessionModel, type: Type, within: readonly string[] = []): Set<PlainKind> {
  switch (type.kind) {
    case "string":
      return new Set(["string"]);
    case "number":
      return new Set(type.finite ? ["number", "bigint"] : ["number", "bigint", "string"]);
    case "bigint":
      return new Set(["number", "bigint", "string"]);
    case "boolean":
    case "null":
      return new Set([type.kind]);
    case "undefined":
      return new Set(["undefined", "object"]);
    case "date":
      return new Set(["date", "string"]);
    case "bytes":
      return new Set(["bytes", "string"]);
    case "unknown":
      return new Set(allKinds);
    case "literal":
      return new Set(type.values.flatMap(literalKinds));
    case "enum":
      return new Set(type.members.map(({ value }) => (typeof value === "string" ? "string" : "number")));
    case "object":
    case "record":
      return new Set(["object"]);
    case "array":
    case "tuple":
    case "map":
    case "set":
      return new Set(["array"]);
    case "union":
      return type.discriminator !== undefined || isNatural(model, type, within)
        ? new Set(type.variants.flatMap((variant) => [...plainKinds(model, variant.type, within)]))
        : new Set(["array"]);
    case "nullable":
      return plainKinds(model, type.inner, within).add("null");
    case "optional":
      return plainKinds(model, type.inner, within).add("undefined").add("object");
    case "ref": {
      const target = model.types[type.name];
      // A type that is directly itself gives no kind of its own.
      if (target === undefined || within.includes(type.name)) return new Set();
      return plainKinds(model, target, [...within, type.name]);
    }
  }
}

/** Whether the variants' plain values are told apart by their kinds alone. */
export function isNatural(model: SessionModel, type: UnionType, within: readonly string[] = []): boolean {
  const seen = new Set<PlainKind>();
  for (const variant of type.variants) {
    for (const kind of plainKinds(model, variant.type, within)) {
      if (seen.has(kind)) return false;
      seen.add(kind);
    }
  }
  return true;
}

function literalKinds(value: LiteralType["values"][number]): PlainKind[] {
  if (value.kind === "json") return value.value === null ? ["null"] : [typeof value.value as PlainKind];
  if (value.kind === "number") return ["number", "string"];
  if (value.kind === "bigint") return ["number", "bigint", "string"];
  return value.kind === "undefined" ? ["undefined", "object"] : ["object"];
}

/** A condition on a plain value: it is of one of the kinds. */
export function plainTest(context: CodecContext, kinds: ReadonlySet<PlainKind>, value: string): string {
  const tests: Record<PlainKind, () => string> = {
    undefined: () => `plain.isUndefined(${value})`,
    null: () => `${value} === null`,
    string: () => `typeof ${value} === "string"`,
    number: () => `typeof ${value} === "number"`,
    bigint: () => `typeof ${value} === "bigint"`,
    boolean: () => `typeof ${value} === "boolean"`,
    date: () => `${value} instanceof Date`,
    bytes: () => `${value} instanceof Uint8Array`,
    array: () => `Array.isArray(${value})`,
    object: () => `${context.helper("isRecord")}(${value})`,
  };
  return allKinds
    .filter((kind) => kinds.has(kind))
    .map((kind) => tests[kind]())
    .join(" || ");
}

/**
 * A condition on a value of the application's: it belongs to the type. Bounds and formats are left
 * out, since values of the same kind are encoded alike whatever their bounds.
 */
export function valueTest(context: CodecContext, type: Type, value: string): string {
  switch (type.kind) {
    case "string":
    case "number":
    case "bigint":
    case "boolean":
      return `typeof ${value} === "${type.kind}"`;
    case "null":
      return `${value} === null`;
    case "undefined":
      return `${value} === undefined`;
    case "date":
      return `${value} instanceof Date`;
    case "bytes":
      return `${value} instanceof Uint8Array`;
    case "unknown":
      return "true";
    case "literal":
      return type.values.map((constant) => `Object.is(${value}, ${constantText(constant)})`).join(" || ");
    case "enum":
      return type.members.map((member) => `${value} === ${JSON.stringify(member.value)}`).join(" || ");
    case "object":
    case "ref": {
      const check = context.check(checkNames(context.model).types.get(type.name) ?? `check${type.name}`);
      return `${context.helper("passes")}(() => ${check}(${value}, ""))`;
    }
    case "array":
      return `Array.isArray(${value}) && ${value}.every((item: unknown) => ${valueTest(context, type.element, "item")})`;
    case "tuple":
      return `Array.isArray(${value}) && ${value}.length >= ${type.required}${
        type.rest === undefined ? ` && ${value}.length <= ${type.items.length}` : ""
      }${type.items
        .slice(0, type.required)
        .map((item, index) => ` && (${valueTest(context, item, `${value}[${index}]`)})`)
        .join("")}`;
    case "record":
      return `${context.helper("isRecord")}(${value}) && Object.values(${value}).every((item: unknown) => item === undefined || ${valueTest(context, type.value, "item")})`;
    case "map":
      return `${value} instanceof Map && [...${value}.values()].every((item: unknown) => ${valueTest(context, type.value, "item")}) && [...${value}.keys()].every((item: unknown) => ${valueTest(context, type.key, "item")})`;
    case "set":
      return `${value} instanceof Set && [...${value}].every((item: unknown) => ${valueTest(context, type.element, "item")})`;
    case "union":
      return type.variants.map((variant) => `(${valueTest(context, variant.type, value)})`).join(" || ");
    case "nullable":
      return `${value} === null || ${valueTest(context, type.inner, value)}`;
    case "optional":
      return `${value} === undefined || ${valueTest(context, type.inner, value)}`;
  }
}

/**
 * The literals of the discriminator in each variant, as expressions; `undefined` unless every
 * variant has some.
 */
export function discriminatorTags(type: UnionType): readonly (readonly string[])[] | undefined {
  const { discriminator } = type;
  if (discriminator === undefined) return undefined;
  const tags = type.variants.map((variant) => tagsOf(variant, discriminator));
  return tags.every((texts) => texts.length > 0) ? tags : undefined;
}

function tagsOf(variant: Variant, discriminator: string): string[] {
  if (variant.type.kind !== "object") return [];
  const type = variant.type.properties.find((property) => property.name === discriminator)?.type;
  if (type?.kind === "enum") return type.members.map((member) => JSON.stringify(member.value));
  if (type?.kind !== "literal") return [];
  return type.values.flatMap((constant) =>
    constant.kind === "json" ? [JSON.stringify(constant.value)] : [],
  );
}

/** The discriminator of a value. */
export function discriminatorAccess(type: UnionType, value: string): string {
  return memberAccess(value, type.discriminator ?? "");
}
