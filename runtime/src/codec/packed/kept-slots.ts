/**
 * What a nested object brought along from the store that this version of the schema does not know.
 * Kept beside the object, so that an old deploy which changes the object writes it back.
 */
export interface Kept {
  /** Packed values by slot. */
  readonly slots: ReadonlyMap<number, Uint8Array>;
  /** Members by name, as documents have them: a packed map. */
  readonly rest?: Uint8Array | undefined;
}

/** Beside objects, and with what was read when they were. */
const keptWith = new WeakMap<object, Kept & { readonly within: unknown }>();
/** Nearly always nothing is kept: then nobody needs to look. */
let anyKept = false;
let within: unknown;

/** Tells whether anything was ever kept. */
export function keepsAny(): boolean {
  return anyKept;
}

/** Gives what is kept with the object. */
export function keptOf(value: object): Kept | undefined {
  if (!anyKept) return undefined;
  const kept = keptWith.get(value);
  // Moved into a field of another type, its slots would be taken for those of that one.
  return kept?.within === within ? kept : undefined;
}

/** Keeps it with the object. */
export function keep(value: object, kept: Kept): void {
  if (kept.slots.size === 0 && kept.rest === undefined) return;
  anyKept = true;
  keptWith.set(value, { slots: kept.slots, rest: kept.rest, within });
}

/**
 * Begins to read or to write the value of a field: what is kept when it is read is written when it
 * is written again.
 * @param codec - of the field
 * @returns what to begin again when that is done
 */
export function beginWithin(codec: unknown): unknown {
  const before = within;
  within = codec;
  return before;
}
