/** Tells whether the value is a list. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Tells whether the value is a `Map`. */
export function isMap(value: unknown): value is ReadonlyMap<unknown, unknown> {
  return value instanceof Map;
}

/** Tells whether the value is a `Set`. */
export function isSet(value: unknown): value is ReadonlySet<unknown> {
  return value instanceof Set;
}

/** Tells whether the value is a date that is valid: others have no place in storage. */
export function isDate(value: unknown): value is Date {
  return value instanceof Date && !Number.isNaN(value.getTime());
}
