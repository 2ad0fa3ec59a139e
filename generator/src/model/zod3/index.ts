import { constantOf } from "../constant.js";
import type { RefinementKind, Type } from "../model.js";
import { type Node, unsupported, type ZodAdapter } from "../node.js";
import { call, type Def, isObject, listOf, member, numberOf, optional, stringOf } from "../reflect.js";
import { readBigint, readDate, readNumber } from "./number.js";
import { readString } from "./string.js";

/** Schemas of Zod 3: everything is in `_def`, told apart by `typeName`. */
export const zod3: ZodAdapter = {
  zod: 3,
  read(schema) {
    const def = defOf(schema);
    const checks = listOf(def["checks"]).filter(isObject);
    const refinements = checks.flatMap((check): RefinementKind[] => {
      const kind = String(check["kind"]);
      if (/^(trim|toLowerCase|toUpperCase)$/.test(kind)) return ["overwrite"];
      // What a token's header says is not seen in its pattern.
      return kind === "jwt" ? ["refinement"] : [];
    });
    const node = readNode(schema, def, checks);
    return refinements.length === 0 ? node : { ...node, refinements };
  },
  meta(schema) {
    return optional("description", stringOf(member(schema, "description")));
  },
};

/** Whether the value is a schema of Zod 3. */
export function isZod3(schema: unknown): boolean {
  return typeof member(member(schema, "_def"), "typeName") === "string";
}

function defOf(schema: unknown): Def {
  const def = member(schema, "_def");
  return isObject(def) ? def : {};
}

function readNode(schema: unknown, def: Def, checks: readonly Def[]): Node {
  const inner = def["innerType"];
  switch (def["typeName"]) {
    case "ZodString":
      return scalar(readString(checks));
    case "ZodNumber":
      return scalar(readNumber(checks));
    case "ZodBigInt":
      return scalar(readBigint(checks));
    case "ZodDate":
      return scalar(readDate(checks));
    case "ZodBoolean":
      return scalar({ kind: "boolean" });
    case "ZodNull":
      return scalar({ kind: "null" });
    case "ZodUndefined":
      return scalar({ kind: "undefined" });
    case "ZodAny":
    case "ZodUnknown":
      return scalar({ kind: "unknown", any: def["typeName"] === "ZodAny" });
    case "ZodLiteral": {
      const value = constantOf(def["value"]);
      return value === undefined
        ? unsupported(
            "a literal that is no data",
            "Use a string, number, boolean, bigint, null or undefined.",
          )
        : scalar({ kind: "literal", values: [value] });
    }
    case "ZodEnum":
    case "ZodNativeEnum":
      return scalar(enumOf(def["values"]));
    case "ZodObject":
      return objectNode(def);
    case "ZodArray": {
      const exact = numberOf(member(def["exactLength"], "value"));
      return {
        kind: "array",
        element: def["type"],
        ...optional("minLength", exact ?? numberOf(member(def["minLength"], "value"))),
        ...optional("maxLength", exact ?? numberOf(member(def["maxLength"], "value"))),
      };
    }
    case "ZodSet":
      return {
        kind: "set",
        element: def["valueType"],
        ...optional("minSize", numberOf(member(def["minSize"], "value"))),
        ...optional("maxSize", numberOf(member(def["maxSize"], "value"))),
      };
    case "ZodMap":
      return { kind: "map", key: def["keyType"], value: def["valueType"] };
    case "ZodRecord":
      return { kind: "record", key: def["keyType"], value: def["valueType"], partial: true };
    case "ZodTuple":
      return { kind: "tuple", items: listOf(def["items"]), ...optional("rest", def["rest"] ?? undefined) };
    case "ZodUnion":
    case "ZodDiscriminatedUnion":
      return {
        kind: "union",
        options: listOf(def["options"]),
        ...optional("discriminator", stringOf(def["discriminator"])),
      };
    case "ZodIntersection":
      return { kind: "intersection", left: def["left"], right: def["right"] };
    case "ZodOptional":
      return { kind: "optional", inner };
    case "ZodNullable":
      return { kind: "nullable", inner };
    case "ZodReadonly":
      return { kind: "readonly", inner };
    case "ZodDefault":
      // A default goes through the schema inside, with its own defaults and changes.
      return { kind: "default", inner, value: () => member(call(schema, "safeParse", undefined), "data") };
    case "ZodCatch":
      return {
        kind: "catch",
        inner,
        value: () => call(def, "catchValue", { error: { issues: [] }, input: undefined }),
      };
    case "ZodLazy":
      return { kind: "same", inner: call(def, "getter") };
    case "ZodBranded":
      return { kind: "same", inner: def["type"] };
    case "ZodPipeline":
      return converts(def["in"]) || converts(def["out"])
        ? unsupported(
            "a one-way transform",
            "Store what goes in or what comes out, and convert where you use it.",
          )
        : { kind: "same", inner: def["out"] };
    case "ZodEffects":
      return effects(schema, def);
    default: {
      const name = String(def["typeName"]).replace(/^Zod/, "");
      return unsupported(
        `z.${name.charAt(0).toLowerCase()}${name.slice(1)}()`,
        "Store the data it is made from.",
      );
    }
  }
}

function scalar(type: Type): Node {
  return { kind: "scalar", type };
}

function objectNode(def: Def): Node {
  const shape = call(def, "shape");
  const catchall = defOf(def["catchall"])["typeName"];
  const rest =
    catchall === "ZodNever" || catchall === undefined
      ? def["unknownKeys"] === "strict"
        ? "strict"
        : def["unknownKeys"] === "passthrough"
          ? "loose"
          : "strip"
      : catchall === "ZodUnknown" || catchall === "ZodAny"
        ? "loose"
        : { catchall: def["catchall"] };
  return { kind: "object", shape: isObject(shape) ? shape : {}, rest };
}

function enumOf(values: unknown): Type {
  const entries = Array.isArray(values) ? Object.fromEntries(values.map((value) => [value, value])) : values;
  const all = isObject(entries) ? entries : {};
  const members = Object.entries(all)
    .filter(([key]) => typeof all[String(all[key])] !== "number")
    .map(([, value]) => value)
    .filter((value): value is string | number => typeof value === "string" || typeof value === "number");
  return { kind: "enum", members: [...new Set(members)].map((value, slot) => ({ value, slot })) };
}

/** Whether what comes out of the schema is something else than what went in. */
function converts(schema: unknown): boolean {
  const def = defOf(schema);
  if (def["typeName"] === "ZodPipeline") return converts(def["in"]) || converts(def["out"]);
  if (def["typeName"] === "ZodEffects") {
    return member(def["effect"], "type") === "transform" || converts(def["schema"]);
  }
  return def["coerce"] === true;
}

function effects(schema: unknown, def: Def): Node {
  const type = member(def["effect"], "type");
  if (type === "transform") {
    return unsupported(
      "a one-way transform",
      "Store what goes in or what comes out, and convert where you use it.",
    );
  }
  if (type === "preprocess") return { kind: "same", inner: def["schema"], refinements: ["overwrite"] };
  // z.instanceof() and z.custom() are z.any() with a refinement: what they are shows in what they
  // accept.
  if (defOf(def["schema"])["typeName"] === "ZodAny") {
    const accepts = (value: unknown): boolean => {
      try {
        return member(call(schema, "safeParse", value), "success") === true;
      } catch {
        return false;
      }
    };
    if (
      accepts(new Uint8Array(1)) &&
      ![{}, [], [1], { length: 1 }, "", "a", 0, 1, true, null, new Date(0)].some(accepts)
    )
      return scalar({ kind: "bytes" });
    return unsupported(
      "z.custom() or z.instanceof()",
      "Describe the data with z.object(); of classes, only Uint8Array can be stored.",
    );
  }
  return { kind: "same", inner: def["schema"], refinements: ["refinement"] };
}
