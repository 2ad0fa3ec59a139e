import { toBase64 } from "../plain/tagged.js";
import { slotsFromPlain } from "../record/slots.js";
import { keepSlots, keptOf } from "./kept-slots.js";

/**
 * Adds what an object brought along beside the slots of the schema to its plain form, as `$slots`.
 */
export function keptToPlain(value: object, plain: Record<string, unknown>): void {
  const kept = keptOf(value);
  if (kept === undefined) return;
  plain["$slots"] = Object.fromEntries([...kept].map(([slot, bytes]) => [slot, toBase64(bytes)]));
}

/** The inverse of {@link keptToPlain}. */
export function keptFromPlain(plain: Readonly<Record<string, unknown>>, value: object): void {
  const kept = plain["$slots"];
  if (typeof kept === "object" && kept !== null) keepSlots(value, slotsFromPlain(kept));
}
