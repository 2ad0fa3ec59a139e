/** Tells whether the value is a number other than `NaN`. */
export function isNumber(value: unknown): value is number {
  return typeof value === "number" && !Number.isNaN(value);
}

/** Tells whether the value is a number that is not infinite. */
export function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

/** Tells whether the value is a whole number. */
export function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

/** Tells whether the value is a whole number between -2^53 and 2^53. */
export function isSafeInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
