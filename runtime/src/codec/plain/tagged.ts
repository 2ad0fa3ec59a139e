import { MAX_DEPTH } from "../../checks/max-depth.js";
import { UnreadableValue } from "../unreadable.js";

/**
 * What the target can hold by itself: `json` next to nothing, `msgpack` dates, bytes, `undefined`
 * and every float.
 */
export type PlainFormat = "json" | "msgpack";

/** The last moment that a Date can hold, in milliseconds before and after the Unix epoch. */
const LAST_DATE = 8.64e15;

type Plain = Record<string, unknown>;

/**
 * Turns a value of unknown type into what the format can hold. What it cannot is tagged as an
 * object with one key, e.g. `{ "$date": 0 }`; an object of the application's own with such a key is
 * wrapped as `{ "$object": … }`.
 */
export function tag(value: unknown, format: PlainFormat): unknown {
  switch (typeof value) {
    case "bigint":
      return { $bigint: value.toString() };
    case "undefined":
      return format === "msgpack" ? value : { $undefined: true };
    case "number":
      // MessagePack encoders, msgpackr among them, write -0 as the integer 0.
      if (Object.is(value, -0)) return { $number: numberText(value) };
      return format === "msgpack" || Number.isFinite(value) ? value : { $number: numberText(value) };
    case "object":
      return value === null ? null : tagObject(value, format);
    default:
      return value;
  }
}

/**
 * Does the inverse of {@link tag}. Throws `UnreadableValue` on a tag that makes no sense, and on
 * nesting without end.
 */
export function untag(value: unknown, depth = 0): unknown {
  // Bigints are tagged, so this is a number that another encoder wrote with 64 bits.
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (value instanceof Date) return validDate(value.getTime());
  if (depth > MAX_DEPTH) throw new UnreadableValue("less nesting");
  if (Array.isArray(value)) return value.map((item) => untag(item, depth + 1));
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0].startsWith("$")) return untagOne(first[0], first[1], depth + 1);
  return objectOf(entries.map(([key, item]) => [key, untag(item, depth + 1)]));
}

/**
 * Gives a value of a msgpack document as json can hold it, for keys that the schema does not know:
 * nobody untags them, so nothing is wrapped.
 */
export function toJson(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return tag(value, "json");
  if (value instanceof Date || value instanceof Uint8Array) return tag(value, "json");
  return objectOf(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
}

/**
 * Gives the date of that time. Throws `UnreadableValue` when there is none: such a date could not
 * be written as text.
 */
export function validDate(time: number): Date {
  // NaN, too.
  if (!(Math.abs(time) <= LAST_DATE)) throw new UnreadableValue("a date");
  return new Date(time);
}

/** Gives the number that is tagged; `undefined` where none is. */
export function taggedNumber(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const text: unknown = Reflect.get(value, "$number");
  if (typeof text !== "string" || Object.keys(value).length !== 1) return undefined;
  return /^(NaN|-?Infinity|-0)$/.test(text) ? Number(text) : undefined;
}

/** How json writes a number it has no notation for. */
function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/**
 * Gives a key of the application's own as plain data has it: what begins with `$` gets another one,
 * since ours do.
 */
export function plainKey(key: string): string {
  return key.startsWith("$") ? `$${key}` : key;
}

/** Does the inverse of {@link plainKey}. */
export function keyOf(plain: string): string {
  return plain.startsWith("$$") ? plain.slice(1) : plain;
}

/** Gives an object with these members, safe from a key called `__proto__`. */
export function objectOf(entries: readonly (readonly [string, unknown])[]): Plain {
  const object: Plain = {};
  for (const [key, item] of entries) {
    if (key === "__proto__") throw new UnreadableValue("a key other than __proto__");
    object[key] = item;
  }
  return object;
}

function tagObject(value: object, format: PlainFormat): unknown {
  if (Array.isArray(value)) return value.map((item) => tag(item, format));
  if (value instanceof Date) return format === "msgpack" ? value : { $date: value.getTime() };
  if (value instanceof Uint8Array) {
    const bytes = format === "msgpack" ? binary(value) : { $bytes: toBase64(value) };
    return Buffer.isBuffer(value) ? { $buffer: bytes } : bytes;
  }
  if (value instanceof Map) {
    return { $map: [...value].map(([key, item]) => [tag(key, format), tag(item, format)]) };
  }
  if (value instanceof Set) return { $set: [...value].map((item) => tag(item, format)) };
  const object = objectOf(Object.entries(value).map(([key, item]) => [key, tag(item, format)]));
  const keys = Object.keys(object);
  return keys.length === 1 && keys[0]?.startsWith("$") ? { $object: object } : object;
}

/** @param depth - of what the tag contains */
function untagOne(name: string, content: unknown, depth: number): unknown {
  switch (name) {
    case "$object": {
      if (typeof content !== "object" || content === null) break;
      return objectOf(Object.entries(content).map(([key, item]) => [key, untag(item, depth)]));
    }
    case "$undefined":
      return undefined;
    case "$bigint":
      if (typeof content !== "string" || !/^-?\d{1,10000}$/.test(content)) break;
      return BigInt(content);
    case "$number":
      if (typeof content !== "string" || !/^(NaN|-?Infinity|-0)$/.test(content)) break;
      return Number(content);
    case "$date":
      if (typeof content !== "number") break;
      return validDate(content);
    case "$bytes":
      if (typeof content !== "string") break;
      return fromBase64(content);
    case "$buffer": {
      const bytes = untag(content, depth);
      if (!(bytes instanceof Uint8Array)) break;
      return binary(bytes);
    }
    case "$set":
      if (!Array.isArray(content)) break;
      return new Set(content.map((item) => untag(item, depth)));
    case "$map": {
      if (!Array.isArray(content)) break;
      const pairs = content.map((pair: unknown) => {
        if (!Array.isArray(pair) || pair.length !== 2) throw new UnreadableValue("pairs");
        return [untag(pair[0], depth), untag(pair[1], depth)] as const;
      });
      return new Map(pairs);
    }
  }
  throw new UnreadableValue("a known tag");
}

/**
 * Gives the bytes as msgpackr takes them for MessagePack's own; of any other Uint8Array it makes an
 * extension that only it reads.
 */
export function binary(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Gives standard base64 with padding (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** Does the inverse of {@link toBase64}; throws `UnreadableValue` on anything else. */
export function fromBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(text, "base64"));
  if (toBase64(bytes) !== text) throw new UnreadableValue("base64");
  return bytes;
}
