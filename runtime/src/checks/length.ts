/*
 * Zod 4 counts the code points of a text, each of which is one or two units of `length`. They are
 * counted only where the number of units leaves a doubt: a text of megabytes is not looked at.
 */

/** Tells whether the text has fewer characters. */
export function isShorter(text: string, min: number): boolean {
  return text.length < min || (text.length < min * 2 && [...text].length < min);
}

/** Tells whether the text has more characters. */
export function isLonger(text: string, max: number): boolean {
  return text.length > max && (text.length > max * 2 || [...text].length > max);
}
