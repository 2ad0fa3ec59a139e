/**
 * Where a packed value lies within bytes. A view of them costs more than most values take to write,
 * or to read.
 */
export interface PackedPart {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Gives the value that bytes are the whole of. */
export function partOf(value: PackedPart | Uint8Array): PackedPart {
  return value instanceof Uint8Array ? { bytes: value, start: 0, end: value.length } : value;
}

/** Gives the bytes of the value alone, where they are. */
export function viewOf({ bytes, start, end }: PackedPart): Uint8Array {
  return start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end);
}

/** Longer ones are compared by native code, which takes views. */
const FEW = 64;

/** Tells whether both have the same bytes. */
export function isSamePart(one: PackedPart, other: PackedPart): boolean {
  const { bytes, start, end } = one;
  const { bytes: others, start: from } = other;
  const length = end - start;
  if (length !== other.end - from) return false;
  if (length > FEW) return Buffer.compare(viewOf(one), viewOf(other)) === 0;
  for (let index = 0; index < length; index += 1) {
    if (bytes[start + index] !== others[from + index]) return false;
  }
  return true;
}
