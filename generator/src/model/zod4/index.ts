import { constantOf } from "../constant.js";
import type { RefinementKind, Type } from "../model.js";
import { type Node, unsupported, type ZodAdapter } from "../node.js";
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
import { patternOf, readString } from "./string.js";

/** Schemas of Zod 4: classic, mini and core alike keep everything in `_zod.def`. */
export const zod4: ZodAdapter = {
  zod: 4,
  read(schema) {
    const def = defOf(schema);
    const checks = checksOf(def);
    const refinements = checks.flatMap((check): RefinementKind[] =>
      check["check"] === "overwrite" ? ["overwrite"] : isFunction(check) ? ["refinement"] : [],
    );
    // z.xor(): that only one variant fits is nothing that a type says.
    if (def["type"] === "union" && def["inclusive"] === false) refinements.push("refinement");
    // The own check of z.custom() and z.instanceof() is what makes the type.
    const own = def["type"] === "custom" ? 1 : 0;
    const node = readNode(schema, def, checks);
    return refinements.length > own ? { ...node, refinements: refinements.slice(own) } : node;
  },
  meta(schema) {
    // Schemas of zod/mini have no methods; all copies of Zod 4 share one registry.
    const meta = call(schema, "meta") ?? call(Reflect.get(globalThis, "__zod_globalRegistry"), "get", schema);
    const description = stringOf(member(schema, "description") ?? member(meta, "description"));
    const id = stringOf(member(meta, "id"));
    return { ...optional("description", description), ...optional("id", id) };
  },
};

/** Whether the value is a schema of Zod 4. */
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

/** Whether what the check asks for, or a part of it, exists only as a function. */
function isFunction(check: Def): boolean {
  if (check["check"] === "custom") return true;
  if (check["check"] !== "string_format") return false;
  switch (check["format"]) {
    case "credit_card":
    case "iban":
    case "jwt":
      return true;
    case "url":
      return check["hostname"] !== undefined || check["protocol"] !== undefined;
    default:
      return typeof check["fn"] === "function" && check["pattern"] === undefined;
  }
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
        .map(constantOf)
        .filter((value) => value !== undefined);
      return scalar({ kind: "literal", values });
    }
    case "enum":
      return scalar(enumOf(def["entries"]));
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
        partial: def["partial"] === true || member(member(def["keyType"], "_zod"), "values") === undefined,
      };
    case "tuple":
      return { kind: "tuple", items: listOf(def["items"]), ...optional("rest", def["rest"] ?? undefined) };
    case "union":
      return {
        kind: "union",
        options: listOf(def["options"]),
        ...optional("discriminator", stringOf(def["discriminator"])),
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
      return { kind: "default", inner, value: () => defaultOf(schema, def) };
    case "catch":
      return {
        kind: "catch",
        inner,
        value: () =>
          call(def, "catchValue", { value: undefined, issues: [], error: { issues: [] }, input: undefined }),
      };
    case "lazy":
      return { kind: "same", inner: call(def, "getter") };
    case "pipe":
      return pipe(def);
    default:
      return unsupported(`z.${String(def["type"])}()`, insteadOf(String(def["type"])));
  }
}

function scalar(type: Type): Node {
  return { kind: "scalar", type };
}

function insteadOf(type: string): string {
  switch (type) {
    case "transform":
      return "Store what goes in or what comes out, and convert where you use it.";
    case "function":
    case "promise":
    case "symbol":
      return "Store the data it is made from.";
    case "file":
      return "Store the file elsewhere and its name or key in the session.";
    case "nan":
    case "never":
    case "void":
      return "Leave the field out, or use z.null().";
    default:
      return "Use one of the types that docs/schema.md lists.";
  }
}

function restOf(catchall: unknown): "strip" | "strict" | "loose" | { readonly catchall: unknown } {
  if (catchall === undefined) return "strip";
  const { type } = defOf(catchall);
  if (type === "never") return "strict";
  return type === "unknown" || type === "any" ? "loose" : { catchall };
}

/** Names of a native enum of numbers map back to its keys: those are no members. */
function enumOf(entries: unknown): Type {
  const all = isObject(entries) ? entries : {};
  const values = Object.entries(all)
    .filter(([key]) => typeof all[String(all[key])] !== "number")
    .map(([, value]) => value)
    .filter((value): value is string | number => typeof value === "string" || typeof value === "number");
  return { kind: "enum", members: [...new Set(values)].map((value, slot) => ({ value, slot })) };
}

/**
 * `.refine()` on `z.instanceof()` forgets the class; what is left is the function that asks for it.
 */
function acceptsOnlyBytes(accepts: unknown): boolean {
  if (typeof accepts !== "function") return false;
  const asks = (value: unknown): boolean => {
    try {
      return Boolean(accepts(value));
    } catch {
      return false;
    }
  };
  return (
    asks(new Uint8Array(1)) && ![{}, [], [1], { length: 1 }, "", "a", 0, 1, true, new Date(0)].some(asks)
  );
}

function custom(schema: unknown, def: Def, checks: readonly Def[]): Node {
  const Class = member(member(member(schema, "_zod"), "bag"), "Class");
  if (Class === Uint8Array || Class === Buffer || acceptsOnlyBytes(def["fn"])) {
    const { minLength, maxLength } = lengths(checks, "length");
    return scalar({
      kind: "bytes",
      ...optional("minLength", minLength),
      ...optional("maxLength", maxLength),
    });
  }
  const name = typeof Class === "function" ? `z.instanceof(${Class.name})` : "z.custom()";
  return unsupported(name, "Describe the data with z.object(); of classes, only Uint8Array can be stored.");
}

/**
 * What the schema gives for nothing: a prefault goes through the schema inside, with its own
 * defaults and changes.
 */
function defaultOf(schema: unknown, def: Def): unknown {
  const result = call(schema, "safeParse", undefined);
  return member(result, "success") === true ? member(result, "data") : def["defaultValue"];
}

/** Whether what comes out of the schema is something else than what went in. */
function converts(schema: unknown): boolean {
  const def = defOf(schema);
  if (def["type"] !== "pipe") return def["type"] === "transform" || def["coerce"] === true;
  return typeof def["transform"] === "function" || converts(def["in"]) || converts(def["out"]);
}

function pipe(def: Def): Node {
  const from = defOf(def["in"])["type"];
  if (from === "transform" && !converts(def["out"])) {
    return { kind: "same", inner: def["out"], refinements: ["overwrite"] };
  }
  if (typeof def["transform"] === "function" || converts(def["in"]) || converts(def["out"])) {
    return unsupported(
      typeof def["reverseTransform"] === "function" ? "z.codec()" : "a one-way transform",
      "Store what goes in or what comes out, and convert where you use it.",
    );
  }
  return { kind: "same", inner: def["out"] };
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
