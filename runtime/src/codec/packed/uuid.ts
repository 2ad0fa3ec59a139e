/** The characters of a UUID's canonical text. */
export const UUID_LENGTH = 36;

const DASH = 0x2d;
/** The value of each hexadecimal digit in lower case; negative of other characters. */
const digits = new Int8Array(128).fill(-1);
/** The two digits of each byte. */
const high = new Uint8Array(256);
const low = new Uint8Array(256);
for (let value = 0; value < 16; value += 1) digits[value.toString(16).charCodeAt(0)] = value;
for (let byte = 0; byte < 256; byte += 1) {
  high[byte] = (byte >> 4).toString(16).charCodeAt(0);
  low[byte] = (byte & 15).toString(16).charCodeAt(0);
}

/**
 * Writes the 16 bytes of a UUID.
 * @param text - of 36 characters
 * @returns whether it is one whose text can be made of the bytes again: lower case, with dashes
 */
export function writeUuid(bytes: Uint8Array, at: number, text: string): boolean {
  if (text.charCodeAt(8) !== DASH || text.charCodeAt(13) !== DASH) return false;
  if (text.charCodeAt(18) !== DASH || text.charCodeAt(23) !== DASH) return false;
  let from = 0;
  let wrong = 0;
  for (let index = 0; index < 16; index += 1) {
    if (from === 8 || from === 13 || from === 18 || from === 23) from += 1;
    const one = text.charCodeAt(from);
    const other = text.charCodeAt(from + 1);
    if ((one | other) > 127) return false;
    const byte = ((digits[one] ?? -1) << 4) | (digits[other] ?? -1);
    wrong |= byte;
    bytes[at + index] = byte;
    from += 2;
  }
  return wrong >= 0;
}

/** The text of the 16 bytes. */
export function uuidText(bytes: Uint8Array, at: number): string {
  const h = (index: number): number => high[bytes[at + index] ?? 0] ?? 0;
  const l = (index: number): number => low[bytes[at + index] ?? 0] ?? 0;
  // One call: texts that are added up are made twice.
  // biome-ignore format: as in the text
  return String.fromCharCode(
    h(0), l(0), h(1), l(1), h(2), l(2), h(3), l(3), DASH,
    h(4), l(4), h(5), l(5), DASH,
    h(6), l(6), h(7), l(7), DASH,
    h(8), l(8), h(9), l(9), DASH,
    h(10), l(10), h(11), l(11), h(12), l(12), h(13), l(13), h(14), l(14), h(15), l(15),
  );
}
