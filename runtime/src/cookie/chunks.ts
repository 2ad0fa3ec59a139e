import { SessionError } from "../errors.js";

/**
 * The most characters of one cookie's value: browsers keep 4096 bytes of name, value and attributes
 * (RFC 6265, section 6.1).
 */
const CHUNK = 3800;
/** The number of cookies, one digit, and a dot. */
const PREFIX = 2;

/**
 * Gives a text over several cookies: `name`, `name.1`, `name.2`, …; the first begins with their
 * number and a dot.
 */
export function split(
  name: string,
  text: string,
  maxChunks: number,
): readonly (readonly [name: string, value: string])[] {
  const count = Math.ceil((text.length + PREFIX) / CHUNK);
  if (count > maxChunks) {
    throw new SessionError(
      "store/too-large",
      `The session takes ${text.length} characters, ${count} cookies where ${maxChunks} are allowed`,
    );
  }
  const whole = `${count}.${text}`;
  return Array.from({ length: count }, (_, index) => [
    chunkName(name, index),
    whole.slice(index * CHUNK, (index + 1) * CHUNK),
  ]);
}

/** Of parts that are there several times, no more ways to put them together are tried. */
const MAX_WAYS = 16;

/**
 * Puts together what {@link split} took apart: the texts that the parts may make, where a browser
 * has several of a name.
 * @param valuesOf - gives a cookie's values
 * @returns none when a part is missing or the first is malformed
 */
export function joined(
  name: string,
  first: string,
  maxChunks: number,
  valuesOf: (name: string) => readonly string[],
): readonly string[] {
  const [, digits = "", rest = ""] = /^([1-9])\.(.*)$/s.exec(first) ?? [];
  const count = Number(digits);
  if (count < 1 || count > maxChunks) return [];
  let texts: string[] = [rest];
  for (let index = 1; index < count; index += 1) {
    const parts = valuesOf(chunkName(name, index));
    texts = texts.flatMap((text) => parts.map((part) => text + part)).slice(0, MAX_WAYS);
  }
  return texts;
}

/** Gives the name of one of the cookies. */
export function chunkName(name: string, index: number): string {
  return index === 0 ? name : `${name}.${index}`;
}
