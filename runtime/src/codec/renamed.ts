/**
 * Names, or values that are stored as they are called, that were called otherwise before: each with
 * what it is stored as, so that an older version of the application reads it and writes it, too.
 * The first of those is written, all are read.
 */
export type Renamed<T> = readonly (readonly [now: T, stored: readonly [unknown, ...unknown[]]])[];

/** Gives what a value is stored as. */
export function storedAs<T>(now: T, renamed: Renamed<T>): unknown {
  if (renamed.length === 0) return now;
  const found = renamed.find(([one]) => one === now);
  return found === undefined ? now : found[1][0];
}

/** Gives what is called so now; what is stored itself where that was never renamed. */
export function calledNow<T>(stored: unknown, renamed: Renamed<T>): unknown {
  if (renamed.length === 0) return stored;
  // What it is written as comes first: another one may be called so by now.
  const found =
    renamed.find(([, [first]]) => first === stored) ?? renamed.find(([, all]) => all.includes(stored));
  return found === undefined ? stored : found[0];
}
