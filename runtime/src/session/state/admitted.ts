import type { FieldDefinition } from "../../codec/definition.js";

/**
 * Gives the value as the field takes it: what the application's own schema makes of it, where it
 * changes values.
 *
 * @throws SessionFieldError when the schema forbids the value
 */
export function admitted(field: FieldDefinition, value: unknown): unknown {
  if (value === undefined && field.optional) return value;
  if (field.convert !== undefined) return field.convert(value);
  field.check(value);
  return value;
}
