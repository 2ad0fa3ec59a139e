/**
 * Tells whether the number is a multiple of the step, with the tolerance of Zod 4
 * (`floatSafeRemainder`): both are rounded to doubles before they are divided, so that `0.3` is a
 * multiple of `0.1`.
 */
export function isMultipleOf(value: number, step: number): boolean {
  const ratio = value / step;
  const tolerance = 4 * Number.EPSILON * Math.max(Math.abs(ratio), 1);
  const distance = Math.abs(ratio - Math.round(ratio));
  return distance === 0 || distance < tolerance;
}
