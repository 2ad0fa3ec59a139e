import { childPath } from "./child-path.js";
import { fail } from "./fail.js";
import { MAX_DEPTH } from "./max-depth.js";
import { isPlainRecord } from "./members.js";

/**
 * Checks a value of a field without a type of its own (`z.unknown()`, `z.any()`, the rest of a
 * loose object): only what every format can hold.
 * @throws SessionFieldError for a function, a symbol, an invalid date, a value that contains itself
 *   or is nested more than 512 deep, an object of a class
 */
export function checkStorable(value: unknown, path: string): void {
  visit(value, path, new Set());
}

function visit(value: unknown, path: string, parents: Set<object>): void {
  if (typeof value === "function" || typeof value === "symbol") fail(path, "a value that can be stored");
  if (typeof value !== "object" || value === null) return;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) fail(path, "a valid date");
    return;
  }
  if (value instanceof Uint8Array) return;
  if (parents.has(value)) fail(path, "a value that does not contain itself");
  if (parents.size > MAX_DEPTH) fail(path, "less nesting");
  parents.add(value);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visit(item, `${path}[${index}]`, parents);
  } else if (value instanceof Map) {
    for (const [key, item] of value) {
      visit(key, `${path}.keys()`, parents);
      visit(item, `${path}.values()`, parents);
    }
  } else if (value instanceof Set) {
    for (const item of value) visit(item, `${path}.values()`, parents);
  } else if (isPlainRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      // Decoders give this key up, or worse: it would set the prototype.
      if (key === "__proto__") fail(childPath(path, key), "absent");
      visit(item, childPath(path, key), parents);
    }
  } else {
    fail(path, "a value that can be stored");
  }
  parents.delete(value);
}
