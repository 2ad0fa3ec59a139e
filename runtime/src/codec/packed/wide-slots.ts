import { bitmap } from "./packed-object.js";

/** The slots of an object that are present, where there are too many for bits of a number. */
export class WideSlots {
  declare private readonly bits: Uint8Array;
  /** Keys outside the schema follow. */
  declare readonly hasRest: boolean;

  /** @param slots - ascending */
  constructor(slots: readonly number[], hasRest: boolean) {
    this.bits = bitmap(slots);
    this.hasRest = hasRest;
  }

  /** Tells whether the slot is present; its value is then read next. */
  has(slot: number): boolean {
    return (((this.bits[slot >> 3] ?? 0) >> (slot & 7)) & 1) === 1;
  }
}

/** Tells whether all of the slots are among the others; both ascend. */
export function isWithin(slots: readonly number[], others: readonly number[]): boolean {
  let at = 0;
  for (let index = 0; index < slots.length; index += 1, at += 1) {
    const slot = slots[index] as number;
    while (at < others.length && (others[at] as number) < slot) at += 1;
    if (at === others.length || others[at] !== slot) return false;
  }
  return true;
}
