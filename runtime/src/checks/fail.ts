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

/**
 * Tells whether a check lets its value through; errors that are no verdict of a check are thrown
 * on.
 */
export function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof SessionFieldError) return false;
    throw error;
  }
}
