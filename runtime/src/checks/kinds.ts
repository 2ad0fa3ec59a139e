/** Whether the value is a list. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Whether the value is a `Map`. */
export function isMap(value: unknown): value is ReadonlyMap<unknown, unknown> {
  return value instanceof Map;
}

/** Whether the value is a `Set`. */
export function isSet(value: unknown): value is ReadonlySet<unknown> {
  return value instanceof Set;
}

/** Whether the value is a date that is valid: others have no place in storage. */
export function isDate(value: unknown): value is Date {
  return value instanceof Date && !Number.isNaN(value.getTime());
}
