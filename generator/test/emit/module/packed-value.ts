import { type FieldDefinition, PackedReader, PackedWriter } from "@sessgen/runtime";

/** The packed bytes of a value, which the field's own check has let through. */
export function pack(field: FieldDefinition, value: unknown): Uint8Array {
  const check: (value: unknown) => void = field.check;
  check(value);
  const writer = new PackedWriter();
  field.codec.write(writer, value);
  return writer.take();
}

/** The value that packed bytes are of. */
export function unpack(field: FieldDefinition, bytes: Uint8Array | undefined): unknown {
  const reader = new PackedReader(bytes ?? new Uint8Array());
  const value = field.codec.read(reader);
  reader.end();
  return value;
}
