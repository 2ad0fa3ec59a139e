/** Tells whether the value is one of these. `NaN` is itself, and `-0` is `0`. */
export function isOneOf<T>(value: unknown, values: readonly T[]): value is T {
  return (values as readonly unknown[]).includes(value);
}

/** Says that one of these is expected. */
export function oneOf(values: readonly unknown[]): string {
  const shown = values.map((value) => (typeof value === "string" ? JSON.stringify(value) : String(value)));
  return `one of ${shown.join(", ")}`;
}
