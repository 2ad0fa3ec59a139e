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

/**
 * Gives the same as Zod 3 sees it: it compares the digits behind the point of the numbers as they
 * are written, and loses its way where one of them has an exponent.
 */
export function isMultipleInDigits(value: number, step: number): boolean {
  const fraction = (number: number): number => String(number).split(".")[1]?.length ?? 0;
  const digits = Math.max(fraction(value), fraction(step));
  const whole = (number: number): number => Number.parseInt(number.toFixed(digits).replace(".", ""), 10);
  return whole(value) % whole(step) === 0;
}
