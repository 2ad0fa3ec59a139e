import { isRecord } from "../../checks/is-record.js";
import { UnreadableValue } from "../unreadable.js";
import { binary, fromBase64, numberText, type PlainFormat, tag, toBase64, untag } from "./tagged.js";

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

  number(value: number): unknown {
    // MessagePack encoders, msgpackr among them, write -0 as the integer 0.
    if (Object.is(value, -0)) return numberText(value);
    return this.format === "msgpack" || Number.isFinite(value) ? value : numberText(value);
  }

  readNumber(value: unknown): number {
    if (typeof value === "number") return value;
    if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return Number(value);
    if (value === "NaN" || value === "Infinity" || value === "-Infinity" || value === "-0")
      return Number(value);
    throw new UnreadableValue("a number");
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

  readObject(value: unknown): Readonly<Record<string, unknown>> {
    if (isRecord(value)) return value;
    throw new UnreadableValue("an object");
  }
}
