import { UnreadableValue } from "../unreadable.js";

/** The most marks that a record carries. */
export const MAX_MARKS = 4;
/** Bytes of a mark. */
const SIZE = 4;

/** The marks of a record, 4 bytes each, highest first; more than are carried are left out. */
export function marksToBytes(marks: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(Math.min(marks.length, MAX_MARKS) * SIZE);
  for (let at = 0; at < bytes.length; at += SIZE) bytes.writeUInt32BE(marks[at / SIZE] ?? 0, at);
  return bytes;
}

/**
 * The inverse of {@link marksToBytes}.
 * @throws UnreadableValue
 */
export function marksFromBytes(bytes: Uint8Array): number[] {
  const { buffer, byteOffset, length } = bytes;
  if (length % SIZE !== 0 || length > MAX_MARKS * SIZE) throw new UnreadableValue("marks of commits");
  const view = new DataView(buffer, byteOffset, length);
  const marks: number[] = [];
  for (let at = 0; at < length; at += SIZE) marks.push(view.getUint32(at));
  return marks;
}

/**
 * A number of 32 bits, as epochs and marks are.
 * @throws UnreadableValue when it is none
 */
export function uint32(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32)
    throw new UnreadableValue("a number of 32 bits");
  return value;
}
