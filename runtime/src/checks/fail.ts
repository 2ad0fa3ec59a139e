import { SessionFieldError } from "../errors.js";

/**
 * Refuses a value.
 * @param path - where in the session the value sits, e.g. `cart[2].quantity`
 * @param expected - what the schema asks for, e.g. `a string`
 * @throws SessionFieldError always
 */
export function fail(path: string, expected: string): never {
  throw new SessionFieldError(path, expected);
}

/** A check, as it is emitted for a named type. */
type Check<T> = (value: unknown, path: string, depth?: number) => asserts value is T;

/**
 * Tells whether a check lets the value through; errors that are no verdict of a check are thrown
 * on.
 * @param depth - how deep in values of its own type the value lies
 */
export function passes<T>(check: Check<T>, value: unknown, depth?: number): value is T;
export function passes(check: (value: unknown, path: string) => void, value: unknown): boolean;
export function passes(
  check: (value: unknown, path: string, depth?: number) => void,
  value: unknown,
  depth?: number,
): boolean {
  try {
    check(value, "", depth);
    return true;
  } catch (error) {
    if (error instanceof SessionFieldError) return false;
    throw error;
  }
}
