/** What Zod takes for a number where it stands for a key. */
const pattern = /^-?\d+(?:\.\d+)?$/;

/**
 * Gives the number that a key is the text of, as JavaScript itself writes it: `"1"`, neither
 * `"01"` nor `"1e3"`, which Zod would make another key of, or none. `NaN` where it is none.
 */
export function numberOfKey(key: string): number {
  const number = Number(key);
  return pattern.test(key) && String(number) === key ? number : Number.NaN;
}
