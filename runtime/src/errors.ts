/**
 * Every error the runtime throws, by its stable code, and the HTTP status that a framework should
 * answer with when nothing handles it. `error-fixes.ts` says how to mend each, `docs/errors.md`
 * documents it; tests compare the three and look for the place that throws it.
 */
export const statuses = {
  "cookie/invalid-option": 500,
  "cookie/weak-secret": 500,
  "encryption/no-secret": 500,
  "encryption/weak-secret": 500,
  "env/missing": 500,
  "field/invalid": 500,
  "field/unknown": 500,
  "schema/missing": 500,
  "session/conflict": 503,
  "session/disabled": 500,
  "session/fixed-cookie": 500,
  "session/gone": 409,
  "session/headers-sent": 500,
  "session/index-not-final": 503,
  "session/invalid-part": 500,
  "session/lock-unclear": 503,
  "session/locked": 503,
  "session/moved": 409,
  "session/name-taken": 500,
  "session/no-application": 500,
  "session/no-compat": 500,
  "session/no-compression": 500,
  "session/no-lock": 500,
  "session/no-lookup": 500,
  "session/no-previous": 500,
  "session/no-revoke-all": 500,
  "session/null-session": 503,
  "session/prerendered": 500,
  "session/read-only": 500,
  "session/replaced": 500,
  "session/substitute": 409,
  "session/too-large": 500,
  "session/unclear": 500,
  "session/unknown-environment": 500,
  "session/weak-id": 500,
  "store/closed": 503,
  "store/denied": 503,
  "store/failed-module": 503,
  "store/full": 503,
  "store/invalid-expiry": 500,
  "store/locked": 503,
  "store/missing-driver": 500,
  "store/no-database": 503,
  "store/not-migrated": 503,
  "store/read-only": 503,
  "store/timeout": 503,
  "store/too-large": 500,
  "store/unavailable": 503,
  "testing/in-production": 500,
  "transport/invalid-option": 500,
} as const;

/** The stable code of an error. */
export type RuntimeErrorCode = keyof typeof statuses;

/** Where the fixes are to be read. */
const page = "https://github.com/sessgen/sessgen/blob/main/docs/errors.md";

let fixes: Readonly<Partial<Record<RuntimeErrorCode, string>>> = {};

/**
 * Has errors say in a sentence how to mend them. Without it they say where to read that: bundlers
 * leave the sentences out.
 */
export function fixWith(sentences: Readonly<Record<RuntimeErrorCode, string>>): void {
  fixes = sentences;
}

const anError: unique symbol = Symbol.for("sessgen.error");
const ofField: unique symbol = Symbol.for("sessgen.field-error");

/** An error of the session runtime. Messages never contain session data, session ids or secrets. */
export class SessionError extends Error {
  override readonly name = "SessionError";
  /** The stable code, documented in `docs/errors.md`. */
  readonly code: RuntimeErrorCode;
  /**
   * The HTTP status for a request that fails with this error. Read by Express, Koa and Fastify
   * alike.
   */
  readonly status: number;
  /** How to mend it; in a bundle, where to read that. */
  readonly fix: string;
  /** The client's mistake, which its message may be shown for. Read by Express and Koa alike. */
  readonly expose?: true;

  static {
    Object.defineProperty(SessionError.prototype, anError, { value: true });
  }

  /**
   * Knows errors of another copy of this package, too: bundlers and test runners load it several
   * times.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && anError in value;
  }

  /**
   * @param code - of the kind of error
   * @param summary - what happened this time, in one sentence
   * @param options - the underlying error, if there is one
   */
  constructor(code: RuntimeErrorCode, summary: string, options?: ErrorOptions) {
    super(`${printable(summary)} [${code}]`, options);
    this.code = code;
    this.status = statuses[code];
    this.fix = fixes[code] ?? `See ${page}#${code.replace("/", "")}`;
  }
}

/**
 * What a log or a terminal would act upon: control characters, line separators, and those that turn
 * the direction of text.
 */
const acting = /[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

/** Names in a message may be a client's: keys of a JSON body that was assigned, for instance. */
function printable(text: string): string {
  return text.replace(acting, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A value that a field's schema forbids. */
export class SessionFieldError extends SessionError {
  /** Where in the session the value sits, e.g. `cart[2].quantity`. */
  readonly path: string;
  /** What the schema asks for. */
  readonly expected: string;

  static {
    Object.defineProperty(SessionFieldError.prototype, ofField, { value: true });
  }

  /** Recognizes its own kind as SessionError does. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && ofField in value;
  }

  /**
   * @param path - where in the session the value sits, e.g. `cart[2].quantity`
   * @param expected - what the schema asks for, e.g. `an integer greater than 0`; the value itself
   *   is never shown
   */
  constructor(path: string, expected: string) {
    super("field/invalid", `session${path === "" ? "" : `.${path}`} must be ${expected}`);
    this.path = path;
    this.expected = expected;
  }
}
