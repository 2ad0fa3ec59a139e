/**
 * Stored bytes that are not what the schema, or the format, says. Never a bug of the application: the payload is
 * corrupt, foreign, or written by a version of the schema that this one does not understand.
 */
export class UnreadableValue extends Error {
  override readonly name = "UnreadableValue";

  /** Also what another copy of this package throws: a codec may come from the application's, and its reader from a tool's. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "UnreadableValue";
  }

  /** @param expected - what should have been there, e.g. `a string`; the data itself is never shown */
  constructor(expected: string, options?: ErrorOptions) {
    super(`Stored data is unreadable: expected ${expected}`, options);
  }
}
