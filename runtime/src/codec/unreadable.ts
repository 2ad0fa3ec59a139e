/**
 * Stored bytes that are not what the schema, or the format, says. Never a bug of the application:
 * the payload is corrupt, foreign, or written by a version of the schema that this one does not
 * understand.
 */
export class UnreadableValue extends Error {
  override readonly name = "UnreadableValue";

  /**
   * Recognizes also what another copy of this package throws: a codec may come from the
   * application's, and its reader from a tool's.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "UnreadableValue";
  }

  /** What should have been there, e.g. `a string`. */
  readonly expected: string;
  /** Where in a document's value: keys and positions, the outermost first. */
  path: readonly (string | number)[] = [];

  /**
   * @param expected - what should have been there, e.g. `a string`; the data itself is never shown
   */
  constructor(expected: string, options?: ErrorOptions) {
    super(`Stored data is unreadable: expected ${expected}`, options);
    this.expected = expected;
    // Keys may be a user's own: logs show the message alone.
    for (const name of ["path", "expected"]) Object.defineProperty(this, name, { enumerable: false });
  }
}

/** Says of what was thrown while a member was read where that is; to be thrown on. */
export function thrownIn(key: string | number, error: unknown): unknown {
  if (error instanceof UnreadableValue) error.path = [key, ...(error.path ?? [])];
  return error;
}

/** Reads all items of a document's list. */
export function readItems<T>(items: readonly unknown[], read: (item: unknown, index: number) => T): T[] {
  const list: T[] = [];
  try {
    while (list.length < items.length) list.push(read(items[list.length], list.length));
  } catch (error) {
    throw thrownIn(list.length, error);
  }
  return list;
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
