import { booleanInstead, convertOutside, insteadOf, insteadOfClass, transformAdvice } from "../advice.js";
import { acceptsOnlyBytes } from "../bytes.js";
import { literalOf } from "../constant.js";
import { enumOf } from "../enum.js";
import type { RefinementKind } from "../model.js";
import { isAboutNow } from "../moments.js";
import { caught, type Node, scalar, unsupported, type ZodAdapter } from "../node.js";
import { patternOf } from "../patterns.js";
import {
  call,
  type Def,
  greatest,
  isObject,
  least,
  listOf,
  member,
  numberOf,
  optional,
  stringOf,
} from "../reflect.js";
import { readBigint, readDate, readNumber } from "./number.js";
import { readString } from "./string.js";

/** Schemas of Zod 4: classic, mini and core alike keep everything in `_zod.def`. */
export const zod4: ZodAdapter = {
  zod: 4,
  read(schema) {
    const def = defOf(schema);
    const checks = checksOf(def);
    const refinements = checks.map((check) => kindOf(check, def)).filter((kind) => kind !== undefined);
    // z.xor(): that only one variant fits is nothing that a type says.
    if (isXor(def)) refinements.push("refinement");
    // The own check of z.custom() and z.instanceof() is what makes the type.
    if (def["type"] === "custom") refinements.shift();
    if (def["coerce"] === true) refinements.unshift("coercion");
    const node = readNode(
      schema,
      def,
      checks.filter((check) => !isMoving(check)),
    );
    return refinements.length === 0 ? node : { ...node, refinements };
  },
  absent(schema, object) {
    const own = member(object, "_zod");
    const Schema = member(own, "constr");
    if (typeof Schema !== "function") return { kind: "missing" };
    const one: unknown = Reflect.construct(Schema, [{ type: "object", shape: { property: schema } }]);
    const result = call(member(one, "_zod"), "run", { value: {}, issues: [] }, { async: false });
    const value = member(result, "value");
    if (!isObject(value) || listOf(member(result, "issues")).length > 0) return { kind: "missing" };
    return value["property"] === undefined ? { kind: "absent" } : { kind: "value", value: value["property"] };
  },
  accepts(schema, value) {
    const result = call(member(schema, "_zod"), "run", { value, issues: [] }, { async: false });
    return listOf(member(result, "issues")).length === 0;
  },
  omits: (schema) => member(member(schema, "_zod"), "optout") === "optional",
  asksFor(schema, object) {
    const takes = member(member(schema, "_zod"), "optin");
    return takes === undefined && this.absent(schema, object).kind === "missing";
  },
  endsEarly: true,
  meta(schema) {
    if (!isObject(schema) || !isZod4(schema)) return {};
    // Schemas of zod/mini have no methods; all copies of Zod 4 share one registry.
    const meta = call(schema, "meta") ?? call(Reflect.get(globalThis, "__zod_globalRegistry"), "get", schema);
    const description = stringOf(member(schema, "description") ?? member(meta, "description"));
    const id = stringOf(member(meta, "id"));
    return { ...optional("description", description), ...optional("id", id) };
  },
};

/** Tells whether the value is a schema of Zod 4. */
export function isZod4(schema: unknown): boolean {
  return isObject(member(schema, "_zod"));
}

function defOf(schema: unknown): Def {
  const def = member(member(schema, "_zod"), "def");
  return isObject(def) ? def : {};
}

/** The schema's own check, if it is one itself (`z.email()`), and those attached to it. */
function checksOf(def: Def): Def[] {
  const attached = listOf(def["checks"]).map(defOf);
  return def["check"] === undefined ? attached : [def, ...attached];
}

/** The checks that each type has in the model; all others exist only as functions. */
const modelled: Readonly<Record<string, RegExp>> = {
  string: /^(string_format|min_length|max_length|length_equals)$/,
  number: /^(number_format|greater_than|less_than|multiple_of)$/,
  bigint: /^(bigint_format|greater_than|less_than|multiple_of)$/,
  date: /^(greater_than|less_than)$/,
  array: /^(min_length|max_length|length_equals)$/,
  custom: /^(min_length|max_length|length_equals)$/,
  map: /^(min_size|max_size|size_equals)$/,
  set: /^(min_size|max_size|size_equals)$/,
};

/** Whether the check has a bound that is another one when the config is read again. */
function isMoving(check: Def): boolean {
  return /^(greater|less)_than$/.test(String(check["check"])) && isAboutNow(check["value"]);
}

/** What a check is that the model, or a part of it that the model, does not have. */
function kindOf(check: Def, { type }: Def): RefinementKind | undefined {
  if (isMoving(check)) return "refinement";
  const name = String(check["check"]);
  if (name === "overwrite") return "overwrite";
  if (modelled[String(type)]?.test(name) !== true) return "refinement";
  if (name !== "string_format") return undefined;
  switch (check["format"]) {
    case "credit_card":
    case "iban":
    case "jwt":
      return "refinement";
    case "url":
      if (check["normalize"] === true) return "overwrite";
      return check["hostname"] !== undefined || check["protocol"] !== undefined ? "refinement" : undefined;
    default:
      return typeof check["fn"] === "function" && check["pattern"] === undefined ? "refinement" : undefined;
  }
}

/** Discriminated unions are marked alike, and a discriminator never fits two variants. */
function isXor(def: Def): boolean {
  return def["type"] === "union" && def["inclusive"] === false && def["discriminator"] === undefined;
}

function readNode(schema: unknown, def: Def, checks: readonly Def[]): Node {
  const inner = def["innerType"];
  switch (def["type"]) {
    case "string":
      return scalar(readString(checks));
    case "number":
      return scalar(readNumber(checks));
    case "bigint":
      return scalar(readBigint(checks));
    case "date":
      return scalar(readDate(checks));
    case "boolean":
    case "null":
    case "undefined":
      return scalar({ kind: def["type"] });
    case "any":
    case "unknown":
      return scalar({ kind: "unknown", any: def["type"] === "any" });
    case "template_literal":
      return templateLiteral(schema, def);
    case "literal": {
      const values = listOf(def["values"])
        .map(literalOf)
        .filter((value) => value !== undefined);
      return scalar({ kind: "literal", values });
    }
    case "enum":
      return enumOf(def["entries"]);
    case "custom":
      return custom(schema, def, checks);
    case "object":
      return {
        kind: "object",
        shape: isObject(def["shape"]) ? def["shape"] : {},
        rest: restOf(def["catchall"]),
      };
    case "array":
      return { kind: "array", element: def["element"], ...lengths(checks, "length") };
    case "set":
      return { kind: "set", element: def["valueType"], ...sizes(checks) };
    case "map":
      return { kind: "map", key: def["keyType"], value: def["valueType"], ...sizes(checks) };
    case "record":
      if (def["mode"] === "loose") {
        return unsupported("z.looseRecord()", "Use z.record(), or z.looseObject() for values of any type.");
      }
      return {
        kind: "record",
        key: def["keyType"],
        value: def["valueType"],
        partial: def["partial"] === true,
      };
    case "tuple":
      return { kind: "tuple", items: listOf(def["items"]), ...optional("rest", def["rest"] ?? undefined) };
    case "union":
      return {
        kind: "union",
        options: listOf(def["options"]),
        // With a fallback, a variant may fit whatever its discriminator says.
        ...optional(
          "discriminator",
          def["unionFallback"] === true ? undefined : stringOf(def["discriminator"]),
        ),
      };
    case "intersection":
      return { kind: "intersection", left: def["left"], right: def["right"] };
    case "optional": {
      const traits = member(member(schema, "_zod"), "traits");
      const exact = traits instanceof Set && traits.has("$ZodExactOptional");
      return { kind: "optional", inner, ...optional("exact", exact || undefined) };
    }
    case "nonoptional":
      return { kind: "required", inner };
    case "nullable":
      return { kind: "nullable", inner };
    case "readonly":
      return { kind: "readonly", inner };
    case "default":
    case "prefault":
      return { kind: "default", inner, given: def["type"] === "default" };
    case "catch":
      return { kind: "catch", inner, value: (input) => call(def, "catchValue", caught(input)) };
    case "never":
      return { kind: "never" };
    case "lazy":
      // Zod asks the getter once.
      return { kind: "same", inner: member(member(schema, "_zod"), "innerType") };
    case "pipe":
      return pipe(schema, def);
    default:
      return unsupported(`z.${String(def["type"])}()`, insteadOf(String(def["type"])));
  }
}

function restOf(catchall: unknown): "strip" | "strict" | "loose" | { readonly catchall: unknown } {
  if (catchall === undefined) return "strip";
  const { type } = defOf(catchall);
  if (type === "never") return "strict";
  return type === "unknown" || type === "any" ? "loose" : { catchall };
}

/**
 * `.refine()` on `z.instanceof()` forgets the class; what is left is the function that asks for it.
 */
function custom(schema: unknown, def: Def, checks: readonly Def[]): Node {
  const Class = member(member(member(schema, "_zod"), "bag"), "Class");
  const accepts = (value: unknown): boolean => isAccepted(def["fn"], value);
  if (Class === Uint8Array || Class === Buffer || acceptsOnlyBytes(accepts)) {
    const isBuffer = Class === Buffer || (Class !== Uint8Array && !accepts(new Uint8Array(1)));
    const { minLength, maxLength } = lengths(checks, "length");
    return scalar({
      kind: "bytes",
      ...(isBuffer && { buffer: true }),
      ...optional("minLength", minLength),
      ...optional("maxLength", maxLength),
    });
  }
  const name = typeof Class === "function" ? `z.instanceof(${Class.name})` : "z.custom()";
  return unsupported(name, insteadOfClass(accepts));
}

/** Whether the function of `z.custom()` lets the value through. */
function isAccepted(accepts: unknown, value: unknown): boolean {
  if (typeof accepts !== "function") return false;
  try {
    return Boolean(accepts(value));
  } catch {
    return false;
  }
}

/** Whether what comes out of the schema is something else than what went in. */
function converts(schema: unknown): boolean {
  const def = defOf(schema);
  if (def["type"] !== "pipe") return def["type"] === "transform" || def["coerce"] === true;
  return typeof def["transform"] === "function" || converts(def["in"]) || converts(def["out"]);
}

/** Whether a codec is one of texts that stand for yes and no: only those note them. */
function isStringbool(schema: unknown): boolean {
  return isObject(member(member(member(schema, "_zod"), "bag"), "truthy"));
}

function pipe(schema: unknown, def: Def): Node {
  const from = defOf(def["in"])["type"];
  if (from === "transform" && !converts(def["out"])) {
    return { kind: "same", inner: def["out"], refinements: ["overwrite"] };
  }
  if (typeof def["transform"] === "function") {
    return isStringbool(schema)
      ? unsupported("z.stringbool()", booleanInstead)
      : unsupported("z.codec()", convertOutside);
  }
  const transform = member(defOf(def["out"]), "transform");
  if (typeof transform === "function") {
    const advice = transformAdvice(4, (value) => transform(value, { value, issues: [] }));
    return unsupported("a one-way transform", advice);
  }
  return converts(def["in"]) || converts(def["out"])
    ? unsupported("a one-way transform", convertOutside)
    : { kind: "pipe", first: def["in"], inner: def["out"] };
}

function templateLiteral(schema: unknown, def: Def): Node {
  const pattern = member(member(schema, "_zod"), "pattern");
  const typeText = `\`${listOf(def["parts"]).map(partText).join("")}\``;
  return scalar({
    kind: "string",
    patterns: pattern instanceof RegExp ? [patternOf(pattern)] : [],
    typeText,
  });
}

function partText(part: unknown): string {
  if (!isObject(part)) return String(part).replace(/[`\\$]/g, "\\$&");
  const def = defOf(part);
  switch (def["type"]) {
    case "string":
    case "number":
    case "bigint":
    case "boolean":
      return `\${${def["type"]}}`;
    case "literal":
      return `\${${listOf(def["values"])
        .map((value) => JSON.stringify(value))
        .join(" | ")}}`;
    case "enum":
      return `\${${Object.values(isObject(def["entries"]) ? def["entries"] : {})
        .map((value) => JSON.stringify(value))
        .join(" | ")}}`;
    default:
      return `\${${"string"}}`;
  }
}

function lengths(
  checks: readonly Def[],
  word: "length" | "size",
): { minLength?: number; maxLength?: number } {
  let min: number | undefined;
  let max: number | undefined;
  for (const check of checks) {
    const equals = check["check"] === `${word}_equals` ? numberOf(check[word]) : undefined;
    min = greatest(min, check["check"] === `min_${word}` ? numberOf(check["minimum"]) : equals);
    max = least(max, check["check"] === `max_${word}` ? numberOf(check["maximum"]) : equals);
  }
  return { ...optional("minLength", min), ...optional("maxLength", max) };
}

function sizes(checks: readonly Def[]): { minSize?: number; maxSize?: number } {
  const { minLength, maxLength } = lengths(checks, "size");
  return { ...optional("minSize", minLength), ...optional("maxSize", maxLength) };
}
