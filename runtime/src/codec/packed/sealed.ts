import { UnreadableValue } from "../unreadable.js";

/**
 * MessagePack's extension for encrypted values, of a type that no value of the application's own
 * can have.
 */
export const SEALED = 0x53;

/** Tells whether a packed value is an encrypted one. */
export function isSealed(packed: Uint8Array): boolean {
  return contentAt(packed) !== undefined;
}

/** Gives a packed value with these encrypted bytes. */
export function packSealed(content: Uint8Array): Uint8Array {
  const { length } = content;
  const header =
    length < 0x100
      ? [0xc7, length, SEALED]
      : length < 0x1_0000
        ? [0xc8, length >> 8, length & 0xff, SEALED]
        : [0xc9, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff, SEALED];
  const bytes = new Uint8Array(header.length + length);
  bytes.set(header);
  bytes.set(content, header.length);
  return bytes;
}

/**
 * Gives the encrypted bytes of a packed value.
 * @throws UnreadableValue when it is none
 */
export function sealedContent(packed: Uint8Array): Uint8Array {
  const at = contentAt(packed);
  if (at === undefined) throw new UnreadableValue("an encrypted value");
  return packed.subarray(at);
}

/**
 * Where the content begins; it has as many bytes as follow, which whoever read the value has seen
 * to.
 */
function contentAt(packed: Uint8Array): number | undefined {
  const first = packed[0];
  const at = first === 0xc7 ? 3 : first === 0xc8 ? 4 : first === 0xc9 ? 6 : 0;
  return at > 0 && packed[at - 1] === SEALED ? at : undefined;
}
