import { UnreadableValue } from "../unreadable.js";

/** Reads an instant in one of MessagePack's three sizes; others are none. */
export function timestamp({ buffer, byteOffset, length }: Uint8Array): Date {
  const view = new DataView(buffer, byteOffset, length);
  if (length === 4) return new Date(view.getUint32(0) * 1000);
  if (length === 8) {
    const high = view.getUint32(0);
    // 30 bits of nanoseconds and 34 bits of seconds.
    return new Date((high >>> 2) / 1e6 + ((high & 3) * 2 ** 32 + view.getUint32(4)) * 1000);
  }
  if (length === 12) return new Date(view.getUint32(0) / 1e6 + Number(view.getBigInt64(4)) * 1000);
  throw new UnreadableValue("a date");
}
