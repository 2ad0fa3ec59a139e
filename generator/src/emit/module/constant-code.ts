import { type Doc, group } from "../../code/doc.js";
import { memberKey } from "../../code/names.js";
import { array, arrow, call, object } from "../../code/syntax.js";
import { constantText } from "../../model/constant-text.js";
import type { Fallback, Type } from "../../model/model.js";
import type { Codecs } from "./kinds/kind.js";

/** Gives an expression that makes the constant: a fresh object each time it is evaluated. */
function constantCode(constant: Fallback): Doc {
  switch (constant.kind) {
    case "array":
      return array(constant.items.map(constantCode));
    case "object":
      return object(constant.entries.map(([name, value]) => [memberText(name), ": ", constantCode(value)]));
    case "map": {
      const entries = constant.entries.map(([key, value]) => array([constantCode(key), constantCode(value)]));
      return group("new ", call("Map", entries.length === 0 ? [] : [array(entries)]));
    }
    case "set":
      return group(
        "new ",
        call("Set", constant.items.length === 0 ? [] : [array(constant.items.map(constantCode))]),
      );
    default:
      return constantText(constant);
  }
}

/** Gives the constant where it stands in for what is not there. */
export function standInCode(fallback: Fallback, type: Type, to: Codecs): Doc {
  const plain = constantCode(fallback);
  const typed = to.typed(type, plain);
  return typed === plain ? plain : ["(", typed, ")"];
}

/**
 * Gives a function that makes the value: an object literal stands in parentheses, or it would be a
 * block.
 *
 * @param typed - gives a constant with its type
 */
export function fallbackCode(fallback: Fallback, typed: (code: Doc) => Doc): Doc {
  const constant = constantCode(fallback);
  const code = fallback.kind === "object" ? ["(", constant, ")"] : constant;
  const body = typed(code);
  return typeof body === "string" ? arrow("()", body) : ["() => ", body];
}

/** The key of an object literal; `__proto__` computed, since plain it would set the prototype. */
function memberText(name: string): string {
  return name === "__proto__" ? `["__proto__"]` : memberKey(name);
}
