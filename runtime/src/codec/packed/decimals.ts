/** The most digits behind the point that a decimal fraction is stored with. */
export const MAX_SCALE = 6;

/** What fractions are multiplied with; powers of ten up to 10^22 are exact. */
const factors = [1, 10, 100, 1e3, 1e4, 1e5, 1e6] as const;

/**
 * Says how many digits a number has behind the point, if an integer of 32 bits divided by that
 * power of ten is the number again, exactly; more than {@link MAX_SCALE} where there is no such
 * integer. Division is rounded correctly, so what was written as a decimal fraction is found.
 */
export function scaledBy(value: number): number {
  // NaN and infinities, too.
  if (!(Math.abs(value) < 0x8000_0000)) return MAX_SCALE + 1;
  let scale = 1;
  for (; scale <= MAX_SCALE; scale += 1) {
    const factor = factors[scale] ?? 1;
    const integer = Math.round(value * factor);
    if (integer > 0x7fff_ffff || integer < -0x8000_0000) break;
    if (integer / factor === value) return scale;
  }
  return MAX_SCALE + 1;
}

/** Gives the number that `[scale, integer]` stands for. */
export function descaled(scale: number, integer: number): number {
  return integer / (factors[scale] as number);
}

/** Gives the integer of {@link scaledBy}. */
export function scaledInteger(value: number, scale: number): number {
  return Math.round(value * (factors[scale] ?? 1));
}
