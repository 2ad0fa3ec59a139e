import type { FieldDefinition } from "../../codec/definition.js";
import { PackedReader } from "../../codec/packed/reader.js";
import { packValue } from "../../codec/packed/writer.js";

/** Gives what stands in for a value that cannot be read. */
export function substituteOf(field: FieldDefinition): unknown {
  return field.fallback === undefined ? field.default?.() : field.fallback();
}

/**
 * Decodes the whole value of a field.
 * @throws UnreadableValue
 */
export function decode(field: FieldDefinition, bytes: Uint8Array): unknown {
  const reader = new PackedReader(bytes);
  const value = field.codec.read(reader);
  reader.end();
  return value;
}

/** Encodes the value of a field. */
export function encode(field: FieldDefinition, value: unknown): Uint8Array {
  return packValue(field.codec, value);
}
