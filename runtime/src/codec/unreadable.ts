/**
 * Stored bytes that are not what the schema, or the format, says. Never a bug of the application:
 * the payload is corrupt, foreign, or written by a version of the schema that this one does not
 * understand.
 */
export class UnreadableValue extends Error {
  override readonly name = "UnreadableValue";

  /**
   * Also what another copy of this package throws: a codec may come from the application's, and its
   * reader from a tool's.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "UnreadableValue";
  }

  /**
   * @param expected - what should have been there, e.g. `a string`; the data itself is never shown
   */
  constructor(expected: string, options?: ErrorOptions) {
    super(`Stored data is unreadable: expected ${expected}`, options);
  }
}

/**
 * A stored session whose slots were given out under a history of the lock of which this version
 * cannot tell how much is its own. A newer version may know it: nobody may replace it, nor the
 * cookie that leads to it. To who does not look closer it is {@link UnreadableValue}.
 */
export class UnverifiableHistory extends UnreadableValue {
  readonly unverifiable = true;

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof UnreadableValue && "unverifiable" in value;
  }

  constructor() {
    super("a history of the lock that this version shares");
  }
}
