import { SessionError } from "../errors.js";

/** The most characters of one cookie's value: browsers keep 4096 bytes of name, value and attributes (RFC 6265, section 6.1). */
const CHUNK = 3800;
/** The number of cookies, one digit, and a dot. */
const PREFIX = 2;

/** A text over several cookies: `name`, `name.1`, `name.2`, …; the first begins with their number and a dot. */
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

/**
 * Puts together what {@link split} took apart.
 * @param partOf - gives a cookie's value
 * @returns `undefined` when a part is missing or the first is malformed
 */
export function join(
  name: string,
  first: string,
  maxChunks: number,
  partOf: (name: string) => string | undefined,
): string | undefined {
  const [, digits = "", rest = ""] = /^([1-9])\.(.*)$/s.exec(first) ?? [];
  const count = Number(digits);
  if (count < 1 || count > maxChunks) return undefined;
  let text = rest;
  for (let index = 1; index < count; index += 1) {
    const part = partOf(chunkName(name, index));
    if (part === undefined) return undefined;
    text += part;
  }
  return text;
}

/** The name of one of the cookies. */
export function chunkName(name: string, index: number): string {
  return index === 0 ? name : `${name}.${index}`;
}
