import { convertOutside, insteadOf, insteadOfClass, transformAdvice } from "../advice.js";
import { acceptsOnlyBytes } from "../bytes.js";
import { literalOf } from "../constant.js";
import { enumOf } from "../enum.js";
import type { RefinementKind } from "../model.js";
import { isAboutNow } from "../moments.js";
import { caught, type Node, scalar, unsupported, type ZodAdapter } from "../node.js";
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

/** Schemas of Zod 3: everything is in `_def`, told apart by `typeName`. */
export const zod3: ZodAdapter = {
  zod: 3,
  read(schema) {
    const def = defOf(schema);
    const checks = listOf(def["checks"]).filter(isObject);
    const refinements = checks.flatMap((check): RefinementKind[] => {
      const kind = String(check["kind"]);
      if (/^(trim|toLowerCase|toUpperCase)$/.test(kind)) return ["overwrite"];
      if (isMoving(check)) return ["refinement"];
      // What a token's header says is not seen in its pattern.
      return kind === "jwt" ? ["refinement"] : [];
    });
    if (def["coerce"] === true) refinements.unshift("coercion");
    const node = readNode(
      schema,
      def,
      checks.filter((check) => !isMoving(check)),
    );
    return refinements.length === 0 ? node : { ...node, refinements };
  },
  absent(schema) {
    const result = call(schema, "safeParse", undefined);
    if (member(result, "success") !== true) return { kind: "missing" };
    const value = member(result, "data");
    return value === undefined ? { kind: "absent" } : { kind: "value", value };
  },
  accepts: (schema, value) => member(call(schema, "safeParse", value), "success") === true,
  // Zod 3 goes by the type alone: what may be undefined may be absent, z.any() as well.
  omits: (_schema, admits) => admits,
  asksFor: () => false,
  endsEarly: false,
  meta(schema) {
    return optional("description", stringOf(member(schema, "description")));
  },
};

/** Tells whether the value is a schema of Zod 3. */
export function isZod3(schema: unknown): boolean {
  return typeof member(member(schema, "_def"), "typeName") === "string";
}

function defOf(schema: unknown): Def {
  const def = member(schema, "_def");
  return isObject(def) ? def : {};
}

/** Whether the check has a bound that is another one when the config is read again. */
function isMoving(check: Def): boolean {
  return /^(min|max)$/.test(String(check["kind"])) && isAboutNow(check["value"]);
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
      if (Number.isNaN(def["value"]))
        return unsupported("z.literal(NaN), which Zod 3 takes no value for", "Leave it out.");
      const value = literalOf(def["value"]);
      return value === undefined
        ? unsupported(
            "a literal that is no data",
            "Use a string, number, boolean, bigint, null or undefined.",
          )
        : scalar({ kind: "literal", values: [value] });
    }
    case "ZodEnum":
    case "ZodNativeEnum":
      return enumOf(def["values"]);
    case "ZodObject":
      return objectNode(def);
    case "ZodArray": {
      const exact = numberOf(member(def["exactLength"], "value"));
      return {
        kind: "array",
        element: def["type"],
        ...optional("minLength", greatest(exact, numberOf(member(def["minLength"], "value")))),
        ...optional("maxLength", least(exact, numberOf(member(def["maxLength"], "value")))),
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
      return { kind: "record", key: def["keyType"], value: def["valueType"], partial: "listed" };
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
      return { kind: "default", inner, given: true };
    case "ZodCatch":
      return { kind: "catch", inner, value: (input) => call(def, "catchValue", caught(input)) };
    case "ZodNever":
      return { kind: "never" };
    case "ZodLazy":
      return { kind: "same", inner: lazyOf(schema, def) };
    case "ZodBranded":
      return { kind: "same", inner: def["type"] };
    case "ZodPipeline":
      return converts(def["in"]) || converts(def["out"])
        ? unsupported("a one-way transform", convertOutside)
        : { kind: "pipe", first: def["in"], inner: def["out"] };
    case "ZodEffects":
      return effects(schema, def);
    default: {
      const name = String(def["typeName"]).replace(/^Zod/, "");
      const type = name === "NaN" ? "nan" : `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
      return unsupported(`z.${type}()`, insteadOf(type));
    }
  }
}

/** What each getter of a z.lazy() gave first: the same schema, lest recursion not be seen. */
const lazies = new WeakMap<object, unknown>();

function lazyOf(schema: unknown, def: Def): unknown {
  if (!isObject(schema)) return undefined;
  if (!lazies.has(schema)) lazies.set(schema, call(def, "getter"));
  return lazies.get(schema);
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
    const advice = transformAdvice(3, (value) => call(def["effect"], "transform", value, { path: [] }));
    return unsupported("a one-way transform", advice);
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
    if (acceptsOnlyBytes(accepts)) {
      return scalar({ kind: "bytes", ...(!accepts(new Uint8Array(1)) && { buffer: true }) });
    }
    return unsupported("z.custom() or z.instanceof()", insteadOfClass(accepts));
  }
  return { kind: "same", inner: def["schema"], refinements: ["refinement"] };
}
