/** The characters of a UUID's canonical text. */
export const UUID_LENGTH = 36;

const DASH = 0x2d;
/** Where each byte's two digits begin in the text. */
const places = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34);
/** More than any digit is worth. */
const NONE = 0x100;
/** What each character is worth as a hexadecimal digit in lower case. */
const digits = new Uint16Array(256).fill(NONE);
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
  let all = 0;
  for (let index = 0; index < 16; index += 1) {
    const place = places[index] ?? 0;
    const byte =
      ((digits[text.charCodeAt(place)] ?? NONE) << 4) | (digits[text.charCodeAt(place + 1)] ?? NONE);
    all |= byte;
    bytes[at + index] = byte;
  }
  return all < NONE;
}

/** Gives the text of the 16 bytes. */
export function uuidText(bytes: Uint8Array, at: number): string {
  // In two calls: of more arguments V8 makes a list, and of more texts it makes each.
  return firstHalf(bytes, at) + secondHalf(bytes, at + 8);
}

// biome-ignore format: as in the text
function firstHalf(bytes: Uint8Array, at: number): string {
  const a = bytes[at] ?? 0, b = bytes[at + 1] ?? 0, c = bytes[at + 2] ?? 0, d = bytes[at + 3] ?? 0;
  const e = bytes[at + 4] ?? 0, f = bytes[at + 5] ?? 0, g = bytes[at + 6] ?? 0, h = bytes[at + 7] ?? 0;
  return String.fromCharCode(
    high[a] ?? 0, low[a] ?? 0, high[b] ?? 0, low[b] ?? 0, high[c] ?? 0, low[c] ?? 0, high[d] ?? 0, low[d] ?? 0, DASH,
    high[e] ?? 0, low[e] ?? 0, high[f] ?? 0, low[f] ?? 0, DASH,
    high[g] ?? 0, low[g] ?? 0, high[h] ?? 0, low[h] ?? 0, DASH,
  );
}

// biome-ignore format: as in the text
function secondHalf(bytes: Uint8Array, at: number): string {
  const a = bytes[at] ?? 0, b = bytes[at + 1] ?? 0, c = bytes[at + 2] ?? 0, d = bytes[at + 3] ?? 0;
  const e = bytes[at + 4] ?? 0, f = bytes[at + 5] ?? 0, g = bytes[at + 6] ?? 0, h = bytes[at + 7] ?? 0;
  return String.fromCharCode(
    high[a] ?? 0, low[a] ?? 0, high[b] ?? 0, low[b] ?? 0, DASH,
    high[c] ?? 0, low[c] ?? 0, high[d] ?? 0, low[d] ?? 0, high[e] ?? 0, low[e] ?? 0,
    high[f] ?? 0, low[f] ?? 0, high[g] ?? 0, low[g] ?? 0, high[h] ?? 0, low[h] ?? 0,
  );
}
