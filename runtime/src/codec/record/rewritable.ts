import { MAX_DEPTH } from "../../checks/max-depth.js";
import { UnreadableValue } from "../unreadable.js";

/**
 * Checks what is kept without being understood: it is written again with every change of the
 * session, in whichever format.
 * @throws UnreadableValue when that would fail
 */
export function checkRewritable(value: unknown, depth = 0): void {
  if (
    typeof value === "bigint" &&
    BigInt.asIntN(64, value) !== value &&
    BigInt.asUintN(64, value) !== value
  ) {
    throw new UnreadableValue("an integer of 64 bits");
  }
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  if (value instanceof Date && Number.isNaN(value.getTime())) throw new UnreadableValue("a date");
  if (value instanceof Map || value instanceof Set) throw new UnreadableValue("what documents can hold");
  if (depth > MAX_DEPTH) throw new UnreadableValue("less nesting");
  if (Object.hasOwn(value, "__proto__")) throw new UnreadableValue("a key other than __proto__");
  for (const item of Object.values(value)) checkRewritable(item, depth + 1);
}
