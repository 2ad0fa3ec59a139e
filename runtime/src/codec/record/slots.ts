import { MAX_SLOTS } from "../packed/packed-object.js";
import { PackedReader } from "../packed/reader.js";
import { fromBase64 } from "../plain/tagged.js";
import { UnreadableValue } from "../unreadable.js";

/**
 * Gives packed values by slot, from `slot -> base64`. Throws `UnreadableValue` unless each is
 * exactly one value.
 */
export function slotsFromPlain(plain: object): Map<number, Uint8Array> {
  return new Map(Object.entries(plain).map(([slot, text]) => [slotOf(slot), packedFromPlain(text)]));
}

/** Gives a slot as a key of a document. Throws `UnreadableValue` unless it is one. */
export function slotOf(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) >= MAX_SLOTS) throw new UnreadableValue("a slot");
  return Number(text);
}

/** Gives one packed value, from base64. Throws `UnreadableValue` unless it is exactly one. */
export function packedFromPlain(text: unknown): Uint8Array {
  if (typeof text !== "string") throw new UnreadableValue("base64");
  const bytes = fromBase64(text);
  const reader = new PackedReader(bytes);
  reader.skip();
  reader.end();
  return bytes;
}
