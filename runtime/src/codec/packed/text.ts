import { UnreadableValue } from "../unreadable.js";

/**
 * Text as bytes, as fast as the platform has it. Node's buffers have methods that take a position
 * and make nothing but the text; elsewhere the standard's encoders do.
 */
interface NativeText {
  latin1Slice?(this: Uint8Array, start: number, end: number): string;
  base64urlSlice?(this: Uint8Array, start: number, end: number): string;
  utf8Write?(this: Uint8Array, text: string, at: number, length: number): number;
  base64urlWrite?(this: Uint8Array, text: string, at: number, length: number): number;
}

const native: NativeText = typeof Buffer === "undefined" ? {} : (Buffer.prototype as NativeText);
const { latin1Slice, base64urlSlice, utf8Write, base64urlWrite } = native;

const encoder = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** More than any digit is worth. */
const NONE = 64;
/** What each character is worth. */
const digits = new Uint8Array(256).fill(NONE);
for (let value = 0; value < 64; value += 1) digits[alphabet.charCodeAt(value)] = value;

/** Tells whether all of them are ASCII. */
export function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let bits = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    bits |= (bytes[at] ?? 0) | (bytes[at + 1] ?? 0) | (bytes[at + 2] ?? 0) | (bytes[at + 3] ?? 0);
  }
  for (; at < end; at += 1) bits |= bytes[at] ?? 0;
  return bits < 0x80;
}

/** Bytes as characters, one each. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  if (latin1Slice !== undefined) return latin1Slice.call(bytes, start, end);
  let text = "";
  // As many arguments as every engine takes.
  for (let at = start; at < end; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + 4096, end)));
  }
  return text;
}

/**
 * Reads text.
 * @throws UnreadableValue when the bytes are no UTF-8
 */
export function utf8(bytes: Uint8Array, start: number, end: number): string {
  try {
    return strict.decode(bytes.subarray(start, end));
  } catch (cause) {
    throw new UnreadableValue("UTF-8", { cause });
  }
}

/** Reads text; what is no UTF-8 becomes U+FFFD. */
export function anyUtf8(bytes: Uint8Array, start: number, end: number): string {
  return lenient.decode(bytes.subarray(start, end));
}

/**
 * Of longer text the bytes are counted: three times as many as there are characters are too many.
 */
const LONG = 4096;

/** Gives the most bytes that text can take as UTF-8. */
export function mostBytes(text: string): number {
  const { length } = text;
  return length < LONG || typeof Buffer === "undefined" ? length * 3 : Buffer.byteLength(text);
}

/**
 * Writes text as UTF-8, for which there is room: see {@link mostBytes}.
 * @returns how many bytes were written
 */
export function writeUtf8(bytes: Uint8Array, at: number, text: string): number {
  if (utf8Write !== undefined) return utf8Write.call(bytes, text, at, bytes.length - at);
  return encoder.encodeInto(text, bytes.subarray(at)).written;
}

/** Bytes as base64url (RFC 4648, section 5) without padding. */
export function base64url(bytes: Uint8Array, start: number, end: number): string {
  if (base64urlSlice !== undefined) return base64urlSlice.call(bytes, start, end);
  let text = "";
  for (let at = start; at < end; at += 3) {
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let shift = 18; shift >= 0; shift -= 6) text += alphabet.charAt((bits >> shift) & 63);
  }
  const over = (end - start) % 3;
  return over === 0 ? text : text.slice(0, over - 3);
}

/** Of text that V8 keeps in one byte each it knows at once that there are none. */
const beyondLatin1 = /[^\0-\xff]/;

/**
 * Writes the bytes that text is base64url of.
 * @returns whether {@link base64url} makes the text again of them
 */
export function writeBase64url(bytes: Uint8Array, at: number, text: string): boolean {
  const { length } = text;
  const over = length & 3;
  if (over === 1) return false;
  const last = digits[text.charCodeAt(length - 1)] ?? 0;
  // Bits that are left over are zero, as encoders have them.
  if ((over === 2 && (last & 15) !== 0) || (over === 3 && (last & 3) !== 0)) return false;
  const size = (length * 3) >> 2;
  if (base64urlWrite !== undefined) {
    // It takes the other alphabet, too, and of characters beyond U+00FF it sees the lower byte.
    if (text.includes("/") || text.includes("+") || beyondLatin1.test(text)) return false;
    return base64urlWrite.call(bytes, text, at, size) === size;
  }
  let bits = 0;
  let count = 0;
  let to = at;
  for (let index = 0; index < length; index += 1) {
    const digit = digits[text.charCodeAt(index)] ?? NONE;
    if (digit === NONE) return false;
    bits = (bits << 6) | digit;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[to] = bits >> count;
    to += 1;
  }
  return true;
}

const unwritable = /\p{Surrogate}|\ufffd(?:fffd|d[89a-f][0-9a-f]{2})/u;
const escapable = /\p{Surrogate}|\ufffd(?=fffd|d[89a-f][0-9a-f]{2})/gu;
const escaped = /\ufffd(fffd|d[89a-f][0-9a-f]{2})/g;

/** Tells whether UTF-8 can hold the text, and it is not taken for what {@link escapeText} made. */
export function isWritable(text: string): boolean {
  return !unwritable.test(text);
}

/**
 * Gives text that UTF-8 can hold. Half a character becomes U+FFFD with its number behind it, in
 * four hexadecimal digits; so does a U+FFFD that would be taken for one.
 */
export function escapeText(text: string): string {
  return text.replace(escapable, (unit) => `\ufffd${unit.charCodeAt(0).toString(16)}`);
}

/** Does the inverse of {@link escapeText}. */
export function unescapeText(text: string): string {
  if (!text.includes("\ufffd")) return text;
  return text.replace(escaped, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
