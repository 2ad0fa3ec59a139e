import { type FieldDefinition, SessionFieldError } from "../../../src/index.js";

/** A field of any type, as a generated module defines one. */
export function field<T>(
  slot: number,
  name: string,
  is: (value: unknown) => boolean,
  options: Partial<FieldDefinition<T>> = {},
): FieldDefinition<T> {
  return {
    slot,
    position: slot + 1,
    name,
    optional: options.default === undefined,
    mutable: false,
    check(value: unknown): asserts value is T {
      if (!is(value)) throw new SessionFieldError(name, "of another type");
    },
    codec: {
      write: (writer, value) => writer.unknown(value),
      read: (reader) => reader.unknown() as T,
      toPlain: (value, plain) => plain.unknown(value),
      fromPlain: (value, plain) => plain.readUnknown(value) as T,
    },
    ...options,
  };
}
