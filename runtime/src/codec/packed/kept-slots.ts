/**
 * What a nested object brought along from the store that this version of the schema does not know:
 * packed values by slot. Kept beside the object, so that an old deploy which changes the object
 * writes them back.
 */
export type KeptSlots = ReadonlyMap<number, Uint8Array>;

const keptSlots = new WeakMap<object, KeptSlots>();
/** Nearly always nothing is kept: then nobody needs to look. */
let anyKept = false;

/** What is kept with the object. */
export function keptOf(value: object): KeptSlots | undefined {
  return anyKept ? keptSlots.get(value) : undefined;
}

/** Keeps it with the object. */
export function keepSlots(value: object, slots: KeptSlots): void {
  if (slots.size === 0) return;
  anyKept = true;
  keptSlots.set(value, slots);
}
