import { createHash } from "node:crypto";
import type { IndexValues } from "../store.js";

/** How many bytes of UTF-8 a value may have that stands in its term as it is. */
const SHORT = 64;

const NOTHING = Buffer.alloc(0);

/**
 * Gives what an index and a value are called together: names of indexes contain neither `:` nor
 * `#`. Long values are hashed.
 */
export function termOf(index: string, value: string): string {
  if (Buffer.byteLength(value) <= SHORT) return `${index}:${value}`;
  return `${index}#${createHash("sha256").update(value).digest("base64url")}`;
}

/** Gives the terms of what a session is found by. */
export function termsOf(index: IndexValues | undefined): readonly string[] {
  if (index === undefined) return [];
  return Object.entries(index).flatMap(([name, value]) => (value === null ? [] : [termOf(name, value)]));
}

/** Gives those of the terms that belong to indexes which a write leaves as they are. */
export function keptTerms(terms: readonly string[], keeps: readonly string[] = []): readonly string[] {
  if (keeps.length === 0) return [];
  return terms.filter((term) => keeps.includes(term.replace(/[:#].*$/s, "")));
}

/** Terms as bytes, each behind its length: `[length: u16, big-endian][UTF-8]…`. */
export function encodeTerms(terms: readonly string[]): Buffer {
  if (terms.length === 0) return NOTHING;
  return Buffer.concat(
    terms.flatMap((term) => {
      const text = Buffer.from(term);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(text.length);
      return [length, text];
    }),
  );
}

/** Reads what {@link encodeTerms} made. */
export function decodeTerms(bytes: Buffer): string[] {
  const terms: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 2 + bytes.readUInt16BE(at);
    terms.push(bytes.toString("utf8", at + 2, end));
    at = end;
  }
  return terms;
}

/**
 * Tells whether a term is among what {@link encodeTerms} made, which stands within those bytes.
 */
export function includesTerm(bytes: Uint8Array, term: Uint8Array, begin: number, end: number): boolean {
  const { length } = term;
  for (let at = begin; at < end; ) {
    const from = at + 2;
    const size = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    let same = size === length ? 0 : -1;
    // Most are short: byte by byte takes less than one call of the platform.
    while (same >= 0 && same < length && bytes[from + same] === term[same]) same += 1;
    if (same === length) return true;
    at = from + size;
  }
  return false;
}
