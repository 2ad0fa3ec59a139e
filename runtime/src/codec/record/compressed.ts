import { UnreadableValue } from "../unreadable.js";

/**
 * A list of two: a head that has revision 3 and the flag of what is compressed, then how many bytes
 * it was; and what DEFLATE (RFC 1951) made of the payload, whichever format that is in.
 */
const BEGINNING = [0x92, 0xc4, 0x06, 0x70, 0x80] as const;
/** Bytes of the head and of its list. */
const HEAD = BEGINNING.length + 4;

/** Bytes that no reader refuses to make of a compressed payload. */
export const LEAST_BOUND: number = 2 ** 20;
/** And the most that tools make of one: they do not know what the application allows. */
export const TOOLS_BOUND: number = 2 ** 24;

type Zlib = typeof import("node:zlib");

/** Loaded with the first payload that takes it: most applications compress nothing. */
let loaded: Zlib | undefined;

/** Gives what compresses; `undefined` on a runtime that has nothing of the kind. */
export function zlib(): Zlib | undefined {
  loaded ??= globalThis.process?.getBuiltinModule?.("node:zlib");
  return loaded;
}

/** Tells whether a payload is a compressed one. */
export function isCompressed(payload: Uint8Array): boolean {
  return payload.length > HEAD && BEGINNING.every((byte, index) => payload[index] === byte);
}

/** Compresses a payload; gives it back as it is where that would not make it smaller. */
export function compressed(payload: Uint8Array): Uint8Array {
  const content = zlib()?.deflateRawSync(payload);
  if (content === undefined) return payload;
  const header = binHeader(content.length);
  const length = HEAD + header.length + content.length;
  if (length >= payload.length) return payload;
  const bytes = new Uint8Array(length);
  bytes.set(BEGINNING);
  new DataView(bytes.buffer).setUint32(BEGINNING.length, payload.length);
  bytes.set(header, HEAD);
  bytes.set(content, HEAD + header.length);
  return bytes;
}

/**
 * Gives the payload that was compressed; what was not, as it is.
 * @param most - bytes that it may have. Whatever it says of itself, no more are made of it
 * @throws UnreadableValue
 */
export function inflated(payload: Uint8Array, most: number): Uint8Array {
  if (!isCompressed(payload)) return payload;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const size = view.getUint32(BEGINNING.length);
  if (size > most) throw new UnreadableValue(`at most ${most} bytes of a compressed session`);
  const tools = zlib();
  if (tools === undefined) throw new UnreadableValue("a session that is not compressed");
  let content: Uint8Array;
  try {
    content = tools.inflateRawSync(contentOf(payload), { maxOutputLength: Math.max(size, 1) });
  } catch (cause) {
    throw new UnreadableValue("a compressed session", { cause });
  }
  if (content.length !== size || isCompressed(content)) throw new UnreadableValue("a compressed session");
  return content;
}

/** MessagePack's header of so many bytes. */
function binHeader(length: number): number[] {
  if (length < 0x100) return [0xc4, length];
  if (length < 0x1_0000) return [0xc5, length >> 8, length & 0xff];
  return [0xc6, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff];
}

/** The bytes behind a header that says how many they are; nothing comes behind them. */
function contentOf(payload: Uint8Array): Uint8Array {
  const width = [0xc4, 0xc5, 0xc6].indexOf(payload[HEAD] ?? 0);
  const at = HEAD + 1 + 2 ** width;
  const given = payload.subarray(HEAD + 1, at).reduce((sum, byte) => sum * 0x100 + byte, 0);
  if (width === -1 || payload.length !== at + given) throw new UnreadableValue("a compressed session");
  return payload.subarray(at);
}
