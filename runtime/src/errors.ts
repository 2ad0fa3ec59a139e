/**
 * Errors that a program meets because of a mistake in it, or in what it is told: HTTP status 500.
 * `error-fixes.ts` says how to mend each error, `docs/errors.md` documents it; tests compare the
 * three and look for the place that throws it.
 */
type MistakeCode =
  | "cookie/invalid-option"
  | "cookie/weak-secret"
  | "encryption/no-secret"
  | "encryption/weak-secret"
  | "env/missing"
  | "field/invalid"
  | "field/unknown"
  | "schema/missing"
  | "session/disabled"
  | "session/fixed-cookie"
  | "session/headers-sent"
  | "session/invalid-part"
  | "session/name-taken"
  | "session/no-application"
  | "session/no-compat"
  | "session/no-compression"
  | "session/no-lock"
  | "session/no-lookup"
  | "session/no-previous"
  | "session/no-revoke-all"
  | "session/prerendered"
  | "session/read-only"
  | "session/replaced"
  | "session/too-large"
  | "session/unclear"
  | "session/unknown-environment"
  | "session/weak-id"
  | "store/invalid-expiry"
  | "store/missing-driver"
  | "store/too-large"
  | "testing/in-production"
  | "transport/invalid-option";

/**
 * All others, and the HTTP status that a framework should answer with when nothing handles them.
 */
const statuses = {
  "session/conflict": 503,
  "session/gone": 409,
  "session/index-not-final": 503,
  "session/lock-unclear": 503,
  "session/locked": 503,
  "session/moved": 409,
  "session/null-session": 503,
  "session/substitute": 409,
  "store/closed": 503,
  "store/denied": 503,
  "store/failed-module": 503,
  "store/full": 503,
  "store/locked": 503,
  "store/no-database": 503,
  "store/not-migrated": 503,
  "store/read-only": 503,
  "store/timeout": 503,
  "store/unavailable": 503,
} as const;

/** The stable code of an error. */
export type RuntimeErrorCode = MistakeCode | keyof typeof statuses;

/** Gives the HTTP status that a framework should answer with when nothing handles the error. */
export function statusOf(code: RuntimeErrorCode): number {
  return code in statuses ? statuses[code as keyof typeof statuses] : 500;
}

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
    this.status = statusOf(code);
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
