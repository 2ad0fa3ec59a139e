import { isRecord } from "../../checks/is-record.js";
import { keptFromPlain, keptToPlain } from "../packed/object-slots.js";
import { UnreadableValue } from "../unreadable.js";
import { binary, fromBase64, type PlainFormat, tag, taggedNumber, toBase64, untag } from "./tagged.js";

/**
 * Turns single values into what the `json` or the `msgpack` format can hold, and back. The schema's
 * type decides how a value is read, so json needs no tags for them: a date is its ISO text, bytes
 * are base64, a bigint its digits. Methods named after a type write, those beginning with `read`
 * read and throw {@link UnreadableValue}.
 */
export class PlainCodec {
  readonly format: PlainFormat;

  constructor(format: PlainFormat) {
    this.format = format;
  }

  /** Tags what the format has no notation for, -0 among it. */
  number(value: number): unknown {
    return tag(value, this.format);
  }

  /**
   * Tells whether {@link readNumber} reads it: to tell a number from the other variants of a union.
   */
  isNumber(value: unknown): boolean {
    if (typeof value === "number") return true;
    return typeof value === "bigint"
      ? Number.isSafeInteger(Number(value))
      : taggedNumber(value) !== undefined;
  }

  readNumber(value: unknown): number {
    if (typeof value === "number") return value;
    if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return Number(value);
    const number = taggedNumber(value);
    if (number === undefined) throw new UnreadableValue("a number");
    return number;
  }

  bigint(value: bigint): unknown {
    const native = this.format === "msgpack" && value >= -(1n << 63n) && value < 1n << 63n;
    return native ? value : value.toString();
  }

  readBigint(value: unknown): bigint {
    if (typeof value === "bigint") return value;
    if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
    if (typeof value === "string" && /^-?\d{1,10000}$/.test(value)) return BigInt(value);
    throw new UnreadableValue("a bigint");
  }

  date(value: Date): unknown {
    return this.format === "msgpack" ? value : value.toISOString();
  }

  readDate(value: unknown): Date {
    if (value instanceof Date) return value;
    if (typeof value === "string") {
      const date = new Date(value);
      if (!Number.isNaN(date.getTime())) return date;
    }
    throw new UnreadableValue("a date");
  }

  bytes(value: Uint8Array): unknown {
    return this.format === "msgpack" ? binary(value) : toBase64(value);
  }

  readBytes(value: unknown): Uint8Array {
    // Buffers become plain Uint8Arrays: what a session holds does not depend on the format it was
    // stored in.
    if (value instanceof Uint8Array) return Uint8Array.from(value);
    if (typeof value === "string") return fromBase64(value);
    throw new UnreadableValue("bytes");
  }

  readBuffer(value: unknown): Buffer {
    return binary(this.readBytes(value));
  }

  undefined(): unknown {
    return this.format === "msgpack" ? undefined : { $undefined: true };
  }

  isUndefined(value: unknown): boolean {
    if (!isRecord(value)) return value === undefined;
    return value["$undefined"] === true && Object.keys(value).length === 1;
  }

  unknown(value: unknown): unknown {
    return tag(value, this.format);
  }

  readUnknown(value: unknown): unknown {
    return untag(value);
  }

  readString(value: unknown): string {
    if (typeof value === "string") return value;
    throw new UnreadableValue("a string");
  }

  readBoolean(value: unknown): boolean {
    if (typeof value === "boolean") return value;
    throw new UnreadableValue("a boolean");
  }

  readNull(value: unknown): null {
    if (value === null) return value;
    throw new UnreadableValue("null");
  }

  readArray(value: unknown): readonly unknown[] {
    if (Array.isArray(value)) return value;
    throw new UnreadableValue("a list");
  }

  /**
   * Gives the plain form of an object, with what it brought along that the schema does not know.
   */
  object(value: object, members: Record<string, unknown>): Record<string, unknown> {
    keptToPlain(value, members, this.format);
    return members;
  }

  /**
   * Does the inverse of {@link object}: gives back `value`, with what is kept with it.
   * @param known - the names that the schema knows; without them it keeps all others itself
   */
  keep<T extends object>(plain: Readonly<Record<string, unknown>>, value: T, known?: ReadonlySet<string>): T {
    keptFromPlain(plain, value, known);
    return value;
  }

  readObject(value: unknown): Readonly<Record<string, unknown>> {
    if (isRecord(value)) return value;
    throw new UnreadableValue("an object");
  }
}
