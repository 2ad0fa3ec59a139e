import type { PackedReader } from "./packed/reader.js";
import type { PackedWriter } from "./packed/writer.js";
import type { PlainCodec } from "./plain/codec.js";

/**
 * How a type is encoded: emitted by the generator for those of a schema, at hand for the others.
 * `write` and `read` speak MessagePack (the `packed` format and the in-memory form that changes are
 * compared in); `toPlain` and `fromPlain` convert to and from what the `json` and `msgpack` formats
 * can hold.
 */
export interface Codec<T> {
  /** Appends the value. The value has passed its check. */
  write(writer: PackedWriter, value: T): void;
  /** Reads one value. Throws `UnreadableValue` when the bytes are not what the schema says. */
  read(reader: PackedReader): T;
  /** Turns the value into plain data for the given text or binary format. */
  toPlain(value: T, plain: PlainCodec): unknown;
  /**
   * Does the inverse; the result has not been checked against bounds and formats. Throws
   * `UnreadableValue`.
   */
  fromPlain(value: unknown, plain: PlainCodec): T;
}

/** The codec of a field. */
export type FieldCodec<T> = Codec<T>;
