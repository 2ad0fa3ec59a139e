import type { StoredSession } from "../store.js";

/** The first byte of every envelope; another layout would take another number. */
const LAYOUT = 1;

/** Length of what precedes the payload: layout (1), version (8), expiry (8). */
const ENVELOPE_HEADER = 17;

/**
 * Packs a session into one value for backends that know only bytes: `[0x01][version: 8 bytes][expiresAt: float64,
 * big-endian][payload]`. Version and expiry stand at fixed offsets, so that a script can compare and move them.
 */
export function encodeEnvelope(version: Uint8Array, expiresAt: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(ENVELOPE_HEADER + payload.byteLength);
  bytes[0] = LAYOUT;
  bytes.set(version, 1);
  bytes.writeDoubleBE(expiresAt, 9);
  bytes.set(payload, ENVELOPE_HEADER);
  return bytes;
}

/** Reads what {@link encodeEnvelope} made; `undefined` for anything else. The payload is a view of the bytes. */
export function decodeEnvelope(bytes: Buffer): StoredSession | undefined {
  if (bytes.length < ENVELOPE_HEADER || bytes[0] !== LAYOUT) return undefined;
  return {
    payload: bytes.subarray(ENVELOPE_HEADER),
    version: bytes.toString("hex", 1, 9),
    expiresAt: bytes.readDoubleBE(9),
  };
}

/** The 8 bytes of an expiry as {@link encodeEnvelope} writes them. */
export function encodeExpiry(expiresAt: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleBE(expiresAt);
  return bytes;
}
