import { memberKey } from "../code/names.js";
import { numberText, stringText } from "../code/syntax.js";
import type { Constant, Fallback } from "./model.js";

/**
 * Gives an expression that makes the constant: a fresh object each time it is evaluated. Where it
 * has to be asked, `schema` is the application's.
 */
export function constantText(constant: Fallback): string {
  switch (constant.kind) {
    case "asked":
      return `schema.defaultOf(${stringText(constant.field)})`;
    case "json":
      return jsonText(constant.value);
    case "number":
      return constant.value;
    case "undefined":
      return "undefined";
    case "bigint":
      return `${constant.value}n`;
    case "date":
      return `new Date(${constant.value})`;
    case "bytes":
      return constant.buffer
        ? `Buffer.from([${constant.value.join(", ")}])`
        : `Uint8Array.of(${constant.value.join(", ")})`;
    case "array":
      return `[${constant.items.map(constantText).join(", ")}]`;
    case "object":
      return constant.entries.length === 0
        ? "{}"
        : `{ ${constant.entries.map(([name, value]) => `${memberText(name)}: ${constantText(value)}`).join(", ")} }`;
    case "map":
      return constant.entries.length === 0
        ? "new Map()"
        : `new Map([${constant.entries.map(([key, value]) => `[${constantText(key)}, ${constantText(value)}]`).join(", ")}])`;
    case "set":
      return constant.items.length === 0
        ? "new Set()"
        : `new Set([${constant.items.map(constantText).join(", ")}])`;
  }
}

/** The key of an object literal; `__proto__` computed, since plain it would set the prototype. */
function memberText(name: string): string {
  return name === "__proto__" ? `["__proto__"]` : memberKey(name);
}

/** Gives the type of a literal: the constant itself where TypeScript has a type for it. */
export function constantTypeText(constant: Constant): string {
  switch (constant.kind) {
    case "json":
      return jsonText(constant.value);
    case "number":
      return constant.value === "-0" ? "0" : "number";
    case "undefined":
      return "undefined";
    case "bigint":
      return `${constant.value}n`;
    case "date":
      return "Date";
    case "bytes":
      return constant.buffer ? "Buffer" : "Uint8Array";
    default:
      return "unknown";
  }
}

function jsonText(value: Extract<Constant, { kind: "json" }>["value"]): string {
  if (typeof value === "string") return stringText(value);
  return typeof value === "number" ? numberText(value) : String(value);
}
