import type { StoredSession } from "../store.js";
import { includesTerm } from "./index-terms.js";

/** The first byte of every envelope; another layout would take another number. */
const PLAIN = 1;
/** With the terms that the session is found by in front of the payload. */
const INDEXED = 2;

/** Length of what every envelope begins with: layout (1), version (8), expiry (8). */
const HEADER = 17;
/** Length of the number of bytes that terms take. */
const LENGTH = 2;

/**
 * Packs a session into one value for backends that know only bytes:
 * `[0x01][version: 8 bytes][expiresAt: float64, big-endian][payload]`, or, for one that is found by
 * something, `[0x02][version][expiresAt][length: u16, big-endian][terms][payload]`. Version and
 * expiry stand at fixed offsets, so that a script can compare and move them, and what is found by
 * what goes with the session wherever it goes.
 *
 * @param terms - as of `encodeTerms`; of no length where the session is found by nothing
 * @param room - how many bytes to leave in front, for whoever puts something there: another copy
 *   costs more than the envelope
 */
export function encodeEnvelope(
  version: Uint8Array,
  expiresAt: number,
  payload: Uint8Array,
  terms: Uint8Array = NOTHING,
  room = 0,
): Buffer {
  const end = room + HEADER;
  const begin = terms.length === 0 ? end : end + LENGTH + terms.length;
  const bytes = Buffer.allocUnsafe(begin + payload.byteLength);
  bytes[room] = terms.length === 0 ? PLAIN : INDEXED;
  bytes.set(version, room + 1);
  bytes.writeDoubleBE(expiresAt, room + 9);
  if (terms.length > 0) {
    bytes.writeUInt16BE(terms.length, end);
    bytes.set(terms, end + LENGTH);
  }
  bytes.set(payload, begin);
  return bytes;
}

/**
 * Reads what {@link encodeEnvelope} made; `undefined` for anything else. The payload is a view of
 * the bytes.
 */
export function decodeEnvelope(bytes: Buffer): StoredSession | undefined {
  const begin = beginOf(bytes);
  if (begin === undefined) return undefined;
  return {
    payload: bytes.subarray(begin),
    version: bytes.toString("hex", 1, 9),
    expiresAt: bytes.readDoubleBE(9),
  };
}

/** Gives the terms of an envelope, as of `encodeTerms`; of no length for anything else. */
export function termsIn(bytes: Buffer): Buffer {
  const begin = beginOf(bytes);
  return begin === undefined || begin === HEADER ? NOTHING : bytes.subarray(HEADER + LENGTH, begin);
}

/** Tells whether a term is among those of an envelope, as of `encodeTerms`. */
export function hasTerm(bytes: Buffer, term: Uint8Array): boolean {
  const begin = beginOf(bytes) ?? HEADER;
  return begin > HEADER && includesTerm(bytes, term, HEADER + LENGTH, begin);
}

/** Gives when the session of an envelope ends; `undefined` for anything else. */
export function expiryIn(bytes: Buffer): number | undefined {
  return beginOf(bytes) === undefined ? undefined : bytes.readDoubleBE(9);
}

/**
 * Gives the payload of an envelope, or as much of it as is there; `undefined` for anything else.
 */
export function payloadIn(bytes: Buffer): Buffer | undefined {
  const begin = beginOf(bytes);
  return begin === undefined ? undefined : bytes.subarray(begin);
}

/** Gives the 8 bytes of an expiry as {@link encodeEnvelope} writes them. */
export function encodeExpiry(expiresAt: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleBE(expiresAt);
  return bytes;
}

const NOTHING = Buffer.alloc(0);

/** Where the payload begins; `undefined` in what is no envelope. */
function beginOf(bytes: Buffer): number | undefined {
  if (bytes.length >= HEADER && bytes[0] === PLAIN) return HEADER;
  if (bytes.length < HEADER + LENGTH || bytes[0] !== INDEXED) return undefined;
  const begin = HEADER + LENGTH + bytes.readUInt16BE(HEADER);
  return begin <= bytes.length ? begin : undefined;
}
